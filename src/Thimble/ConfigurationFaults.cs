using Thimble.Memory;

namespace Thimble;

/// <summary>Explains the faults of memory and configuration: all of them lie on this side of the connection.</summary>
internal static class ConfigurationFaults
{
    public static FaultExplanation? Explain(in Fault fault, FaultContext context) => fault.Reason switch
    {
        FaultReason.None => new(
            "Nothing went wrong.",
            "Nothing needs to be done."),
        FaultReason.BufferTooSmall => new(
            $"The buffer has {fault.Actual} bytes and the plan needs {fault.Expected}.",
            $"Give {fault.Expected} bytes, or choose a smaller profile: 'thimble plan' shows what each region is for."),
        FaultReason.PlanTooLarge => new(
            $"The profile takes {fault.Actual} bytes or more, and a plan can have at most {fault.Expected}.",
            "Make the record windows, the longest topic or the longest ticket smaller."),
        FaultReason.BufferMisaligned => new(
            $"The buffer must begin at an address that is a multiple of {fault.Expected}; this one begins {fault.Actual} bytes behind one.",
            "Align it: a PlanBuffer, or an array of ulong, is aligned well."),
        FaultReason.BufferNotPlanned => new(
            "The buffer does not begin with the plan of this profile.",
            "Begin the connection with the same profile that is used afterwards, and leave the buffer alone between calls."),
        FaultReason.RomImageInvalid => new(
            "The ROM image is damaged: its header, bounds or digest are wrong.",
            "Bake it again from the certificates and the key."),
        FaultReason.NoTrustAnchor => new(
            "The ROM image holds no trust anchor and no pin, so that no server could ever be trusted.",
            "Bake it again with at least one anchor (--cafile), or with the pin of a key."),
        FaultReason.SeedUnusable => new(
            $"The seed is not random enough: {fault.Expected} random bytes are needed, and {fault.Actual} were given or all of them were equal.",
            "Take the seed from the system's or the chip's random source, a fresh one for each connection."),
        FaultReason.TimeUnknown => new(
            "No time was given, and without one no certificate's validity can be judged.",
            "Give the time in Unix seconds (--time)."),
        FaultReason.ClockBeforeBakeDate => new(
            $"The clock says {Words.Date(fault.Actual)}, but the ROM image was baked on {Words.Date(fault.Expected)}: the clock is wrong.",
            "Set the clock."),
        FaultReason.ServerNameInvalid => new(
            $"The server name '{context.ServerName}' cannot be used: it has {fault.Actual} bytes, and the profile allows 1 to {fault.Expected} of a DNS name.",
            "Check --servername, or raise MaxServerNameBytes."),
        FaultReason.NotInThisBuild => new(
            "The profile asks for an algorithm, a version of TLS or a part of MQTT that this build of Thimble.Core leaves out.",
            "Choose a profile that the build can serve, or build with that feature (Thimble.Features lists them)."),
        FaultReason.ProfileOffersNothing => new(
            "The profile names no suite, group and signature algorithm that could be offered together.",
            "An ECDHE_RSA suite needs --max-rsa, an ECDHE_ECDSA suite needs --max-ecdsa, and every suite needs a group."),
        FaultReason.ClientKeyNotInProfile => new(
            $"The client's private key has {fault.Actual} bits, and of its kind the profile plans for {fault.Expected}, {(context.Profile.ClientKeyElsewhere ? "kept elsewhere" : "in the ROM image")}.",
            "Set ClientRsaBits, ClientEcdsaBits or ClientEd25519 (--client-key) to the key at hand, and ClientKeyElsewhere to where it is."),
        FaultReason.AlpnInvalid => new(
            $"The ALPN protocol name has {fault.Actual} bytes, and the profile allows 1 to {fault.Expected}.",
            "Shorten it (--alpn), or raise MaxAlpnBytes."),
        FaultReason.ParkedStateInvalid => new(
            "The parked connection cannot be opened: its bytes were changed or cut, or another key sealed them.",
            "Resume with the key that it was parked under. If that was so, the bytes are not to be trusted: connect anew."),
        FaultReason.ParkedProfileMismatch => new(
            $"The connection was parked under another profile (digest {fault.Actual:x8}, and this profile's is {fault.Expected:x8}).",
            "Resume with the profile that it was parked under, or connect anew."),
        FaultReason.ParkedVersionMismatch => new(
            $"The connection was parked by another version of Thimble.Core (layout {fault.Actual}, and this one's is {fault.Expected}).",
            "Resume with the version that parked it, or connect anew."),
        FaultReason.GenerationUsed => new(
            $"The parked connection is of generation {fault.Actual}, and generation {fault.Expected} was consumed for it: it may have been resumed before.",
            "Never resume it: two connections with the same keys betray each other. Connect anew, and see that the store gives out the newest state only."),
        _ => null,
    };
}
