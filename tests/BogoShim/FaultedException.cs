using System;
using Thimble.Memory;

namespace Thimble.BogoShim;

/// <summary>The connection failed: exit code 1, with the fault's name between colons for the runner to find.</summary>
internal sealed class FaultedException(Fault fault) : Exception(Line(fault))
{
    /// <summary>One line. An alert of the server is told apart by its number: the runner waits for certain ones.</summary>
    private static string Line(Fault fault) =>
        (fault.Reason == FaultReason.AlertReceived ? $":AlertReceived:{fault.Actual}:" : $":{fault.Reason}:")
        + $" expected {fault.Expected}, actual {fault.Actual}, in {fault.Phase}";
}
