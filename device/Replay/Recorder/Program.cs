using System;
using System.IO;
using Thimble;
using Thimble.Memory;
using Thimble.Recorder;
using Thimble.Replay;

// Makes what the replay on the device needs:
//   record FOLDER         new connections of scenario R, with keys and certificates made for them alone: of both versions of
//                         TLS, each in full, and resumed
//   plan RECORDING FILE   the plan of a recording's profile for a 32-bit machine, by the present code
switch (args)
{
    case ["record", string folder]:
        Recording.MakePair(TlsVersions.Tls12, Path.Combine(folder, "scenario-r.bin"), Path.Combine(folder, "scenario-r-resumed.bin"));
        Recording.MakePair(TlsVersions.Tls13, Path.Combine(folder, "scenario-r13.bin"), Path.Combine(folder, "scenario-r13-resumed.bin"));
        return 0;
    case ["plan", string recorded, string file]:
        byte[] baked = new byte[MemoryPlan.MaxBakedBytes];
        MemoryPlan plan = MemoryPlan.For(new Scenario(File.ReadAllBytes(recorded)).Profile, wordBits: 32);
        plan.TryWrite(baked, out int written);
        File.WriteAllBytes(file, baked.AsSpan(0, written));
        return 0;
    default:
        Console.Error.WriteLine("usage: recorder record FOLDER | recorder plan RECORDING FILE");
        return 2;
}
