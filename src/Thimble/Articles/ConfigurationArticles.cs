using Thimble.Memory;

namespace Thimble;

/// <summary>The articles of faults that lie on this side of the connection.</summary>
internal static class ConfigurationArticles
{
    private const string Plan = "thimble plan";

    public static FaultArticle? Of(FaultReason reason) => Memory(reason) ?? Credentials(reason) ?? Parked(reason);

    private static FaultArticle? Memory(FaultReason reason) => reason switch
    {
        FaultReason.None => new(
            ["There is no fault: the connection goes on, or ended as both sides wanted."],
            ["Nothing needs to be done."]),
        FaultReason.BufferTooSmall => new(
            ["The buffer was sized for another profile, or for another version of Thimble.", "The plan was computed for the other word size: 32 and 64 bits differ by a few bytes."],
            [Plan, "thimble advise", "Give MemoryPlan.For(profile).TotalBytes, not a number that was written down once."]),
        FaultReason.BufferMisaligned => new(
            ["The buffer is an array of bytes, which may begin at any address."],
            ["Use PlanBuffer, an array of ulong, or a linker section that is aligned to eight."]),
        FaultReason.BufferNotPlanned => new(
            ["The connection goes on with another profile than it began with.", "Something else wrote to the buffer between two calls.", "A baked plan belongs to another profile, machine or version."],
            ["Keep profile and buffer together, and give the buffer to nobody else.", "Build the device image again after each change of its profile."]),
        FaultReason.PlanTooLarge => new(
            ["A record window, the longest topic or the longest ticket is very large."],
            [Plan, "thimble advise"]),
        FaultReason.ProfileOffersNothing => new(
            ["Suites, groups and key limits contradict one another: ECDHE_RSA without RSA keys, say.", "The only version that is left has no suite."],
            [Plan, "Begin with a named profile, and change one thing at a time."]),
        FaultReason.NotInThisBuild => new(
            ["The firmware was built without that algorithm or version, to save flash."],
            ["Compare the profile with Thimble.Features, and build with what is missing."]),
        _ => null,
    };

    private static FaultArticle? Credentials(FaultReason reason) => reason switch
    {
        FaultReason.RomImageInvalid => new(
            ["The image was cut or changed in flash or on its way there.", "The linker placed something else where the image is expected.", "It was baked by a version with another layout."],
            ["thimble bake inspect IMAGE", "Bake it again, and compare what is in flash with the file."]),
        FaultReason.NoTrustAnchor => new(
            ["Only the client's certificate and key were baked.", "The file of authorities was empty."],
            ["thimble bake inspect IMAGE", "Bake it again with the authority's certificate (--cafile), or with a pin."]),
        FaultReason.SeedUnusable => new(
            ["The random number generator was not started, and returns the same byte.", "Fewer than 48 bytes were asked of it."],
            ["Look at the 48 bytes of two starts: they must differ in every byte, roughly.", "Wait for the generator's ready flag before reading it."]),
        FaultReason.TimeUnknown => new(
            ["The device has no clock, and asked no time server yet."],
            ["Get the time first (SNTP, the modem, a GPS), or keep the last known one in flash as a lower bound."]),
        FaultReason.ClockBeforeBakeDate => new(
            ["The clock lost its battery and began again in 1970 or 2000.", "The image was baked on a machine whose clock is fast."],
            ["Set the clock.", "thimble bake inspect IMAGE"]),
        FaultReason.ServerNameInvalid => new(
            ["The name is an address or a URL instead of a DNS name.", "It is longer than the profile plans for."],
            ["Give the host's name alone: broker.example.com.", Plan]),
        FaultReason.ClientKeyNotInProfile => new(
            ["The key is RSA and the profile plans an EC key, or the other way round.", "The key is longer than the profile plans for."],
            ["thimble bake inspect IMAGE", "thimble plan --client-key rsa2048"]),
        FaultReason.AlpnInvalid => new(
            ["The protocol's name is empty, or longer than MaxAlpnBytes."],
            ["Check the name against the registry of ALPN protocol IDs: 'mqtt', 'x-amzn-mqtt-ca', 'http/1.1'."]),
        _ => null,
    };

    private static FaultArticle? Parked(FaultReason reason) => reason switch
    {
        FaultReason.ParkedStateInvalid => new(
            ["It was parked under another key.", "The bytes were cut or changed in storage."],
            ["Connect anew; the server sees a new connection and nothing else.", "If the store is supposed to be intact, find out who wrote to it."]),
        FaultReason.ParkedProfileMismatch => new(
            ["The profile was changed between parking and resuming, by an update of the firmware, say."],
            ["Connect anew after an update."]),
        FaultReason.ParkedVersionMismatch => new(
            ["Thimble was updated between parking and resuming."],
            ["Connect anew after an update."]),
        FaultReason.GenerationUsed => new(
            ["An older copy of the state came back: from a backup, a snapshot of a virtual machine, or a second process."],
            ["Connect anew, and never restore parked connections from backups.", "Store the generation where it only ever grows."]),
        _ => null,
    };
}
