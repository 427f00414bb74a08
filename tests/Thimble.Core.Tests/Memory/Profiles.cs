using System;
using Thimble.Memory;

namespace Thimble.Core.Tests.Memory;

/// <summary>The scenarios of the budgets, and profiles at random within what is legal.</summary>
internal static class Profiles
{
    /// <summary>RSA chains, an EC client key, windows of 512 bytes.</summary>
    public static readonly Profile ScenarioR = new()
    {
        Suites = CipherSuites.EcdheRsaAes128GcmSha256,
        Groups = Groups.Secp256r1,
        MaxRsaBits = 2048,
        MinRsaBits = 2048,
        MaxSignatureHashBits = 256,
        ClientEcdsaBits = 256,
        InWindowBytes = 512,
        OutWindowBytes = 512,
        MaxServerNameBytes = 64,
    };

    /// <summary>All on P-256.</summary>
    public static readonly Profile ScenarioE = ScenarioR with { Suites = CipherSuites.EcdheEcdsaAes128GcmSha256, MaxRsaBits = 0, MaxEcdsaBits = 256 };

    /// <summary>Everything that can be chosen.</summary>
    public static readonly Profile Everything = new()
    {
        Suites = (CipherSuites)((1 << 25) - 1),
        Groups = Groups.Secp256r1 | Groups.Secp384r1 | Groups.X25519,
        MaxRsaBits = 4096,
        MinRsaBits = 2048,
        MaxEcdsaBits = 521,
        Ed25519 = true,
        MaxEd25519TbsBytes = 600,
        MaxSignatureHashBits = 512,
        ClientRsaBits = 4096,
        ClientEcdsaBits = 384,
        InWindowBytes = 16384,
        OutWindowBytes = 16384,
        MaxServerNameBytes = 253,
        MaxAlpnBytes = 255,
        SecondTranscript = true,
        AllowLegacyMasterSecret = true,
        MaxMqttTopicBytes = 128,
    };

    public static Profile AtRandom(int seed)
    {
        var random = new Random(seed);
        int Of(params int[] choices) => choices[random.Next(choices.Length)];
        return new Profile
        {
            Versions = (TlsVersions)random.Next(0, 4),
            Suites = (CipherSuites)random.Next(1, 1 << 25),
            Groups = (Groups)random.Next(1, 8),
            MaxRsaBits = Of(0, 2048, 3072, 4096),
            MinRsaBits = 2048,
            MaxEcdsaBits = Of(0, 256, 384, 521),
            Ed25519 = random.Next(2) == 0,
            MaxEd25519TbsBytes = Of(0, 0, 1, 600, 2000),
            MaxSignatureHashBits = Of(256, 384, 512),
            ClientRsaBits = Of(0, 2048, 3072, 4096),
            ClientEcdsaBits = Of(0, 256, 384),
            ClientEd25519 = random.Next(2) == 0,
            ClientKeyElsewhere = random.Next(2) == 0,
            InWindowBytes = random.Next(16, 16385),
            OutWindowBytes = random.Next(100, 16385),
            MaxServerNameBytes = random.Next(1, 254),
            MaxAlpnBytes = random.Next(0, 256),
            SecondTranscript = random.Next(2) == 0,
            AllowLegacyMasterSecret = random.Next(2) == 0,
            MaxMqttTopicBytes = Of(0, 1, 64, 1000),
            MaxTicketBytes = Of(0, 0, 64, 1500),
            PskModes = (PskModes)random.Next(0, 4),
            MaxPskIdentityBytes = Of(0, 16, 200),
            MaxMqttAcknowledgements = Of(0, 1, 16, 300),
            ProvisionalMqtt = Of(0, 1) == 1,
            ExportsKeys = random.Next(2) == 0,
            StapledStatus = random.Next(2) == 0,
        };
    }
}
