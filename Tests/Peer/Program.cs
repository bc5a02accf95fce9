using Smc.Peer;
using Smc.Peer.Places;

NetworkPlace.Enter(args);
var arguments = PeerArguments.Parse(args);
await using Role role = await Role.StartAsync(arguments);
await Orders.ObeyAsync(role);
