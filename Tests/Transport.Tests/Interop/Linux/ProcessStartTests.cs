using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Smc.Transport.Interop.Linux;

namespace Smc.Transport.Tests.Interop.Linux;

[SupportedOSPlatform("linux")]
public sealed class ProcessStartTests
{
    private const string Rest = " S 1 2 3 0 -1 4194304 100 0 0 0 5 6 0 0 20 0 1 0 4711 8192 100";

    [Theory]
    [InlineData("7 (smc)" + Rest, 4711)]
    [InlineData("7 (of) 1 2 (3) 4 )" + Rest, 4711)]   // a name that looks like fields
    [InlineData("7 (smc) S 1 2 3", 0)]
    [InlineData("", 0)]
    public void It_is_the_field_behind_the_name_whatever_the_name(string line, long start) =>
        Assert.Equal(start, ProcessStart.Parse(Encoding.ASCII.GetBytes(line)));

    [Fact]
    public void A_process_has_one_and_a_later_process_another()
    {
        long own = ProcessStart.Of(Environment.ProcessId);
        Assert.True(own > 0);
        Assert.Equal(own, ProcessStart.Of(Environment.ProcessId));
        using Process later = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        Assert.True(ProcessStart.Of(later.Id) > own);
        later.Kill();
        later.WaitForExit();
        Assert.Equal(0, ProcessStart.Of(later.Id));   // it has gone, and nobody has its number yet
    }

    [Fact]
    public void A_process_that_cannot_be_seen_has_none() => Assert.Equal(0, ProcessStart.Of(0));
}
