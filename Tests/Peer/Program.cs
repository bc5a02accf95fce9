using Smc.Peer;

var arguments = PeerArguments.Parse(args);
await using Role role = await Role.StartAsync(arguments);
await Orders.ObeyAsync(role);
