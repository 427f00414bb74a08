using System;
using System.IO;
using Thimble;
using Thimble.Memory;
using Thimble.Recorder;
using Thimble.Replay;

// Makes what the replay on the device needs:
//   record FILE           a new connection of scenario R, with keys and certificates made for it alone
//   plan RECORDING FILE   the plan of a recording's profile for a 32-bit machine, by the present code
switch (args)
{
    case ["record", string file]:
        using (var recording = new Recording())
        {
            File.WriteAllBytes(file, recording.Make());
        }

        return 0;
    case ["plan", string recorded, string file]:
        byte[] baked = new byte[MemoryPlan.MaxBakedBytes];
        MemoryPlan plan = MemoryPlan.For(new Scenario(File.ReadAllBytes(recorded)).Profile, wordBits: 32);
        plan.TryWrite(baked, out int written);
        File.WriteAllBytes(file, baked.AsSpan(0, written));
        return 0;
    default:
        Console.Error.WriteLine("usage: recorder record FILE | recorder plan RECORDING FILE");
        return 2;
}
