using System;
using Thimble.Memory;

namespace Thimble;

/// <summary>A fault in words: what happened, and what to do about it.</summary>
/// <param name="WhatHappened">One or two sentences with the values that disagree.</param>
/// <param name="WhatToDo">What to change, naming the limit or the file.</param>
public sealed record FaultExplanation(string WhatHappened, string WhatToDo)
{
    /// <summary>Both sentences.</summary>
    public override string ToString() => $"{WhatHappened} {WhatToDo}";

    /// <summary>Puts <paramref name="fault"/> into words.</summary>
    public static FaultExplanation Of(in Fault fault, FaultContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ConfigurationFaults.Explain(fault, context)
            ?? CertificateFaults.Explain(fault, context)
            ?? StatusFaults.Explain(fault)
            ?? TlsFaults.Explain(fault, context)
            ?? MqttFaults.Explain(fault)
            ?? NetworkFaults.Explain(fault)
            ?? new FaultExplanation($"Fault {(int)fault.Reason} has no explanation yet.", "Please report this.");
    }
}
