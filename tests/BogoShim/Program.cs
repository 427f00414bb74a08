using System;
using Thimble.BogoShim;

// The client's half of BoringSSL's test runner (ssl/test/runner): README.md tells how to run it, and what is declined.
const int Success = 0;
const int Failure = 1;
const int Unimplemented = 89;
const int MustFail = 90;

if (Array.IndexOf(args, "-is-handshaker-supported") >= 0)
{
    Console.Out.Write("No\n");
    return Success;
}

try
{
    (ShimConfig initial, ShimConfig resume) = Flags.Read(args);
    DateTimeOffset now = DateTimeOffset.UtcNow;
    byte[] session = [];
    for (int i = 0; i <= initial.ResumeCount; i++)
    {
        ShimConfig config = i == 0 ? initial : resume;
        using var connection = new RunnerConnection(config, session, now);
        Exchange.Run(connection, config, isResumption: i > 0);
        session = connection.Session;
        now = now.AddSeconds(config.ResumptionDelaySeconds);
    }

    return Success;
}
catch (DeclinedException declined)
{
    return Say("declined: " + declined.Message, Unimplemented);
}
catch (FaultedException fault)
{
    return Say(fault.Message, Failure);
}
catch (Exception unexpected)
{
    // Whatever is wrong with the shim itself, or with an expectation of the flags, must not pass for the failure that a test waits for.
    return Say(unexpected is UnmetException ? unexpected.Message : unexpected.ToString(), MustFail);
}

static int Say(string line, int exitCode)
{
    Console.Error.Write(line + "\n");
    return exitCode;
}
