using Akka.Actor;

namespace Embedded.Tests.Actor;

public sealed class AddressTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void An_address_is_parsed_and_printed_alike()
    {
        var address = Address.Parse("akka.tcp://system@host:4711");
        Assert.Equal(("akka.tcp", "system", "host", 4711), (address.Protocol, address.System, address.Host, address.Port!.Value));
        Assert.Equal("akka.tcp://system@host:4711", address.ToString());
        Assert.Equal(new Address("akka.tcp", "system", "host", 4711), address);
        Assert.True(address.HasGlobalScope);
        Assert.True(new Address("akka", "system").HasLocalScope);
        Assert.Equal("akka://system", new Address("akka", "system").ToString());
    }

    [Fact]
    public void A_path_has_a_parent_a_root_and_elements()
    {
        var path = ActorPath.Parse("akka://system/user/parent/child");
        Assert.Equal(["user", "parent", "child"], path.Elements);
        Assert.Equal("child", path.Name);
        Assert.Equal(ActorPath.Parse("akka://system/user/parent"), path.Parent);
        Assert.Equal(path, path.Parent / "child");
        Assert.Equal("/user/parent/child", path.ToStringWithoutAddress());
        Assert.Equal("akka://system/", path.Root.ToString());
        Assert.Equal("akka.tcp://far@host:1/user/parent/child", path.ToStringWithAddress(new Address("akka.tcp", "far", "host", 1)));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a-b_c.d:1", true)]
    [InlineData("", false)]
    [InlineData("$a", false)]
    [InlineData("a/b", false)]
    public void A_path_element_is_made_of_certain_symbols(string element, bool isValid) =>
        Assert.Equal(isValid, ActorPath.IsValidPathElement(element));

    [Fact]
    public void Two_incarnations_at_one_path_differ()
    {
        var first = Watch(Sys.ActorOf(Props.Create(() => new Echo()), "same"));
        Sys.Stop(first);
        ExpectTerminated(first);
        IActorRef? second = null;
        AwaitAssert(() => second = Sys.ActorOf(Props.Create(() => new Echo()), "same"));
        Assert.Equal(first.Path, second!.Path);
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
    }

    [Fact]
    public void A_wildcard_selects_children_by_name()
    {
        foreach (string name in new[] { "worker-1", "worker-2", "boss" })
        {
            Sys.ActorOf(Props.Create(() => new Echo()), name);
        }
        Sys.ActorSelection("/user/worker-*").Tell("x", TestActor);
        ExpectMsg("x");
        ExpectMsg("x");
        Sys.ActorSelection("/user/boss").Tell("y", TestActor);
        ExpectMsg("y");
    }
}
