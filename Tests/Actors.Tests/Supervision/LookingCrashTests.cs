using Actors.Tests.Harness;
using Smc.Actors;
using Smc.Actors.Inspection.Door;
using Smc.Transport.Interop.Linux;
using Xunit.Abstractions;

namespace Actors.Tests.Supervision;

/// <summary>
/// An actor fails while somebody looks in. Whoever looks hears of it at once; connections notice nothing; the next who looks is answered.
/// </summary>
[Collection(Alone.Name)]
public sealed class LookingCrashTests(ITestOutputHelper output) : RendezvousTest
{
    public static TheoryData<Crash> OnLooking => CrashTable.Of(Moment.Look, Moment.LookTold);

    public static TheoryData<Crash> OnWatching => CrashTable.Of(Moment.Watch, Moment.WatchTold);

    public static TheoryData<Crash> OnChanging => CrashTable.Of(Moment.Change, Moment.ChangeEarly);

    [Theory]
    [MemberData(nameof(OnLooking))]
    public async Task An_actor_that_fails_when_somebody_looks_in_disturbs_no_connection(Crash crash)
    {
        var plan = new CrashPlan();
        await using SmcRuntime runtime = await OpenDoorAsync(plan);
        Pinging neighbour = await PingAsync(runtime);

        Task crashed = plan.Arm(HandledMessages.Actor(crash.Actor), HandledMessages.Message(crash.Actor, crash.Message));
        Assert.Equal(crash.Server, await LookAsync(async () =>
        {
            if (crash.When != Moment.LookTold) return;
            plan.TellYoungest();
            await crashed.Guard();
        }));
        await crashed.Guard();

        await Eventually.TrueAsync(async () => await LookAsync() == "answered", "the next is answered");
        Assert.True(await neighbour.GoesOnAsync());
        await neighbour.EndAsync();
    }

    [Theory]
    [MemberData(nameof(OnWatching))]
    public async Task An_actor_that_fails_when_somebody_watches_ends_the_watch_and_disturbs_no_connection(Crash crash)
    {
        var plan = new CrashPlan();
        await using SmcRuntime runtime = await OpenDoorAsync(plan);
        Pinging neighbour = await PingAsync(runtime);

        Task crashed = plan.Arm(HandledMessages.Actor(crash.Actor), HandledMessages.Message(crash.Actor, crash.Message));
        using (LocalVisitor visitor = LocalDoor.TryEnter(LocalDoor.Find(Folder)[0])!)
        {
            await visitor.Stream.WriteAsync(InspectionFrames.Request(80, ["tail"]));
            if (crash.When == Moment.WatchTold)
            {
                await Eventually.TrueAsync(() => crashed.IsCompleted || plan.HasYoungest(), "somebody watches");
                if (!crashed.IsCompleted) plan.TellYoungest();   // the neighbour's own event may have been enough
            }

            await crashed.Guard();
            Assert.Equal(FrameKind.Error, await LastAsync(visitor));
            Assert.Equal(FrameKind.Final, await AskAsync(visitor));
        }

        Assert.True(await neighbour.GoesOnAsync());
        await neighbour.EndAsync();
    }

    [Theory]
    [MemberData(nameof(OnChanging))]
    public async Task A_change_that_an_actor_fails_at_is_answered_and_the_next_one_is_made(Crash crash)
    {
        var plan = new CrashPlan();
        await using SmcRuntime runtime = await OpenDoorAsync(plan);
        using LocalVisitor visitor = LocalDoor.Find(Folder).Select(LocalDoor.TryEnter).OfType<LocalVisitor>().Single();

        Task crashed = plan.Arm(HandledMessages.Actor(crash.Actor), HandledMessages.Message(crash.Actor, crash.Message));
        if (crash.When == Moment.ChangeEarly) plan.TellNext();
        Assert.Equal(crash.Server, await AskAsync(visitor, "ueid-add", "-e", "TEAM.A") == FrameKind.Error ? "failed" : "answered");
        await crashed.Guard();
        Assert.Equal(FrameKind.Final, await AskAsync(visitor, "ueid-add", "-e", "TEAM.B"));
        Assert.Contains("TEAM.B", runtime.Device.Ueids.Current.Select(ueid => ueid.ToString()));
    }

    private async Task<SmcRuntime> OpenDoorAsync(CrashPlan plan)
    {
        SmcRuntime runtime = await CrashWorld.StartRuntimeAsync(Folder, plan.PropsOf).Guard();
        await Eventually.TrueAsync(() => LocalDoor.Find(Folder).Count == 1, "the door is open");
        return runtime;
    }

    /// <summary>A connection that must notice nothing.</summary>
    private async Task<Pinging> PingAsync(SmcRuntime runtime)
    {
        EchoServer echo = new EchoServer(await runtime.ListenAsync(Loopback)).Start();
        return new Pinging(await runtime.ConnectAsync(echo.EndPoint).Guard(), Seed.Take(output));
    }

    /// <summary>Goes in, asks, and leaves.</summary>
    private Task<string> LookAsync() => LookAsync(() => Task.CompletedTask);

    private async Task<string> LookAsync(Func<Task> inside)
    {
        if (LocalDoor.Find(Folder).Select(LocalDoor.TryEnter).OfType<LocalVisitor>().FirstOrDefault() is not { } visitor) return "no door";
        using (visitor)
        {
            try
            {
                if (await AskAsync(visitor) is { } first && first != FrameKind.Final) return "failed";
                await inside();
                return await AskAsync(visitor) == FrameKind.Final ? "answered" : "failed";
            }
            catch (IOException)
            {
                return "closed";
            }
        }
    }

    private static async Task<FrameKind> AskAsync(LocalVisitor visitor, params string[] words)
    {
        await visitor.Stream.WriteAsync(InspectionFrames.Request(80, words.Length == 0 ? ["info"] : words));
        return await LastAsync(visitor);
    }

    private static async Task<FrameKind> LastAsync(LocalVisitor visitor)
    {
        var reader = new InspectionReader(visitor.Stream);
        FrameKind kind;
        do kind = (await reader.ReadAnswerAsync(CancellationToken.None).Guard()).Kind;
        while (kind == FrameKind.More);
        return kind;
    }
}
