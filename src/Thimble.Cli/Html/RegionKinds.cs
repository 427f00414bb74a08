using System;
using System.Collections.Generic;
using Thimble.Memory;

namespace Thimble.Cli.Html;

/// <summary>Tells the kinds apart, region by region.</summary>
internal static class RegionKinds
{
    /// <summary>All of them, in the order of a legend.</summary>
    public static IReadOnlyList<RegionKind> All { get; } = Enum.GetValues<RegionKind>();

    /// <summary>The kind of a region.</summary>
    public static RegionKind Of(RegionId region) => region switch
    {
        RegionId.Drbg or RegionId.EphemeralKey or RegionId.PremasterSecret or RegionId.MasterSecret or RegionId.TrafficSecrets or RegionId.TrafficKeys
            or RegionId.SessionSecret or RegionId.Session or RegionId.ExporterSecret => RegionKind.Secret,
        RegionId.OutWindow or RegionId.InWindow or RegionId.AlertRecord or RegionId.MqttTopic => RegionKind.Window,
        RegionId.SeedScratch or RegionId.VerifyOperation or RegionId.AgreementOperation or RegionId.SignOperation or RegionId.HashScratch or RegionId.AeadScratch
            or RegionId.SigningInput => RegionKind.Scratch,
        RegionId.Plan or RegionId.Control or RegionId.FaultText or RegionId.ChainState or RegionId.MqttSession or RegionId.MqttRollback or RegionId.MqttInFlight => RegionKind.State,
        _ => RegionKind.Public,
    };

    /// <summary>The class of the style sheet.</summary>
    public static string Style(RegionKind kind) => kind switch
    {
        RegionKind.Secret => "secret",
        RegionKind.Public => "public",
        RegionKind.Window => "window",
        RegionKind.Scratch => "scratch",
        _ => "state",
    };

    /// <summary>The words of a legend.</summary>
    public static string Words(RegionKind kind) => kind switch
    {
        RegionKind.Secret => "secrets and keys",
        RegionKind.Public => "public keys, signatures, hashes",
        RegionKind.Window => "records and messages",
        RegionKind.Scratch => "registers of computations",
        _ => "the plan and where things stand",
    };
}
