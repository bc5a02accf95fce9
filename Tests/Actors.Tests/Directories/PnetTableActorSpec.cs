using Akka.Actor;
using Akka.TestKit.Xunit2;
using Smc.Actors.Directory;
using Smc.Transport.Wire.Clc;
using static Smc.Actors.Protocol.MutationProtocol;

namespace Actors.Tests.Directories;

public sealed class PnetTableActorSpec : TestKit
{
    private readonly UeidTable _table = new([Ueid.Default]);
    private readonly IActorRef _actor;

    public PnetTableActorSpec() => _actor = Sys.ActorOf(Props.Create(() => new PnetTableActor(_table)));

    [Fact]
    public void A_UEID_comes_behind_the_others_and_goes_again()
    {
        Assert.True(Tell(new AddUeid(Of("TEAM.A"))).IsDone);
        Assert.Equal([Ueid.Default, Of("TEAM.A")], _table.Current);
        Assert.True(Tell(new DeleteUeid(Ueid.Default)).IsDone);
        Assert.Equal([Of("TEAM.A")], _table.Current);
    }

    [Fact]
    public void There_are_as_many_as_a_Proposal_holds_and_each_once()
    {
        for (int i = 1; i < Ueid.MaxCount; i++) Assert.True(Tell(new AddUeid(Of($"TEAM.{i}"))).IsDone);
        Assert.StartsWith("There are 8 UEIDs already", Refusal(new AddUeid(Of("ONE.TOO.MANY"))), StringComparison.Ordinal);
        Assert.Equal("TEAM.1 is there already.", Refusal(new AddUeid(Of("TEAM.1"))));
        Assert.Equal("There is no TEAM.9; smc ueid-show lists them.", Refusal(new DeleteUeid(Of("TEAM.9"))));
        Assert.Equal(Ueid.MaxCount, _table.Current.Count);
    }

    [Fact]
    public void Who_takes_the_last_one_out_is_told_what_follows()
    {
        Assert.Contains("It was the last: connections are plain TCP", Tell(new DeleteUeid(Ueid.Default)).Sentence, StringComparison.Ordinal);
        Assert.Empty(_table.Current);
        Tell(new AddUeid(Of("TEAM.A")));
        Assert.StartsWith("1 UEID is gone: connections are plain TCP", Tell(FlushUeids.Instance).Sentence, StringComparison.Ordinal);
        Assert.Empty(_table.Current);
    }

    private static Ueid Of(string text) => Ueid.TryParse(text, out Ueid ueid) ? ueid : throw new ArgumentException(text);

    private string Refusal(object message)
    {
        Outcome outcome = Tell(message);
        Assert.False(outcome.IsDone);
        return outcome.Sentence;
    }

    private Outcome Tell(object message)
    {
        _actor.Tell(message, TestActor);
        return ExpectMsg<Outcome>();
    }
}
