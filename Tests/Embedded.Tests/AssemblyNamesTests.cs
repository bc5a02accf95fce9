using Akka.Actor;
using Akka.Configuration;
using Akka.Logger.Serilog;
using Akka.TestKit;

namespace Embedded.Tests;

/// <summary>The assemblies are named as Akka.NET's: HOCON names them with its classes.</summary>
public sealed class AssemblyNamesTests
{
    [Theory]
    [InlineData("Akka", typeof(ActorSystem))]
    [InlineData("Akka", typeof(Config))]
    [InlineData("Akka.TestKit", typeof(TestKitBase))]
    [InlineData("Akka.TestKit", typeof(TestScheduler))]
    [InlineData("Akka.TestKit.Xunit2", typeof(Akka.TestKit.Xunit2.TestKit))]
    [InlineData("Akka.Logger.Serilog", typeof(SerilogLogger))]
    public void A_type_is_in_the_assembly_that_it_is_in_in_Akka_NET(string assembly, Type type)
    {
        Assert.Equal(assembly, type.Assembly.GetName().Name);
        Assert.Same(type, Type.GetType($"{type.FullName}, {assembly}"));
    }
}
