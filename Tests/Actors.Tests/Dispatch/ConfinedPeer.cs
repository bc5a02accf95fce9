using System.Diagnostics;
using Actors.Tests.Harness;

namespace Actors.Tests.Dispatch;

/// <summary>A process that tells of its completion vectors, with fewer CPUs than this one.</summary>
internal static class ConfinedPeer
{
    private const string Folder = "/mnt";

    /// <summary>One that may run on some CPUs only.</summary>
    /// <param name="cpus">As taskset(1) takes them.</param>
    /// <param name="args">Kind, task and values.</param>
    public static PeerProcess OnCpus(string cpus, params string[] args) => Start("taskset", ["-c", cpus, "dotnet"], args);

    /// <summary>One whose control group has a quota of CPU time. The files that say so are seen by it alone.</summary>
    /// <param name="version">Of control groups: 1 or 2.</param>
    /// <param name="microseconds">That it may run in every 100 ms, on all CPUs together.</param>
    /// <param name="args">Kind, task and values.</param>
    public static PeerProcess WithQuota(int version, int microseconds, params string[] args)
    {
        // Which version there is, a program sees by the file system at /sys/fs/cgroup; where its files are, by /proc/self/mountinfo and cgroup.
        string[] quota = version == 1
            ? ["mount -t tmpfs none /sys/fs/cgroup", $"echo {microseconds} >{Folder}/cpu.cfs_quota_us", $"echo 100000 >{Folder}/cpu.cfs_period_us",
                $"echo '30 23 0:26 / {Folder} rw - cgroup cgroup rw,cpu' >{Folder}/mountinfo", $"echo 1:cpu:/ >{Folder}/cgroup"]
            : ["mount -t cgroup2 none /sys/fs/cgroup", $"echo {microseconds} 100000 >{Folder}/cpu.max",
                $"echo '30 23 0:26 / {Folder} rw - cgroup2 cgroup2 rw' >{Folder}/mountinfo", $"echo 0::/ >{Folder}/cgroup"];
        string script = string.Join("\n",
            ["set -e", $"mount -t tmpfs none {Folder}", .. quota,
                $"mount --bind {Folder}/mountinfo /proc/$$/mountinfo", $"mount --bind {Folder}/cgroup /proc/$$/cgroup", "exec dotnet \"$@\""]);
        return Start("unshare", ["-m", "sh", "-c", script, "sh"], args);
    }

    private static PeerProcess Start(string program, string[] before, string[] args)
    {
        var start = new ProcessStartInfo(program);
        foreach (string arg in before) start.ArgumentList.Add(arg);
        return PeerProcess.Start(start, args);
    }
}
