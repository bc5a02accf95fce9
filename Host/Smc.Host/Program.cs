using Smc.Host.CommandLine;

return await SmcProgram.RunAsync(args);
