using System;
using Thimble.Net;
using Thimble.Net.Tap;

// Thimble.Net.Tap DEVICE COMMAND...: a network of Thimble's at a TAP device of this network namespace. It does one command
// after the other, and prints a line for each; Commands.cs lists them.
if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: Thimble.Net.Tap DEVICE COMMAND...");
    return 2;
}

using var host = new Host(args[0], new NetworkProfile { SendBufferBytes = 1024, ReceiveBufferBytes = 1024 });
new Commands(host, args[1..]).Run();
return 0;
