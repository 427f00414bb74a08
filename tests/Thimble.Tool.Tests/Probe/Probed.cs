using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Thimble.Cli;
using Thimble.Memory;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>What a probe of a server should come to: all of it, in words of the test.</summary>
internal sealed record Probed
{
    public const string AllGroups = "secp256r1 secp384r1 secp521r1 x25519 x448";

    /// <summary>A line for each version and key: <c>1.2 RSA: suites; groups</c>, without prefixes and sorted.</summary>
    public required string[] Accepts { get; init; }

    public string Versions { get; init; } = "1.3 1.2";

    /// <summary>The keys of the chain, the server's own first, and its root's.</summary>
    public required string Chain { get; init; }

    public string Missing { get; init; } = "";

    public string Client { get; init; } = "no";

    public string Alpn { get; init; } = "";

    public string Resumption { get; init; } = "1.3 ticket, 1.2 ticket";

    public bool Staples { get; init; }

    /// <summary>max_fragment_length and record_size_limit of each version.</summary>
    public string Limits { get; init; } = "1.3 Honoured Ignored, 1.2 Honoured Ignored";

    /// <summary>Probes the server and compares every field, and the plan of the connection that was made.</summary>
    public JsonElement Compare(ProbedServer server, PeerIdentity identity, params IEnumerable<string> more)
    {
        CliRun run = CliRun.Of(["probe", $"{PeerPki.ServerName}:{server.Port}", "--json", "--timeout", "20", "--cafile", identity.RootFile, .. more]);
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        JsonElement report = run.Json;
        JsonElement found = report.GetProperty("found");
        Assert.Equal(Versions, Words(found.GetProperty("versions"), sorted: false));
        Assert.Equal(Accepts.Order(StringComparer.Ordinal), found.GetProperty("accepts").EnumerateArray().Select(Way).Order(StringComparer.Ordinal));
        Assert.Equal(Chain, string.Join("; ", found.GetProperty("chains").EnumerateArray().Select(ChainOf).Order(StringComparer.Ordinal)));
        Assert.Equal(Missing, string.Join(" ", found.GetProperty("missing").EnumerateArray().Select(missing => missing.GetProperty("key").GetString())));
        Assert.Equal(Client, ClientOf(found.GetProperty("clientCertificate")));
        Assert.Equal(Alpn, Words(found.GetProperty("alpn").GetProperty("accepted"), sorted: true));
        Assert.Equal(Resumption, string.Join(", ", found.GetProperty("resumption").EnumerateArray().Select(line => Short(line.GetProperty("version")) + " " + (line.GetProperty("resumed").GetBoolean() ? line.GetProperty("by").GetString() : "no"))));
        Assert.Equal(Staples, found.GetProperty("accepts").EnumerateArray().Any(way => way.GetProperty("stapledStatusBytes").GetInt32() > 0));
        Assert.Equal(Limits, string.Join(", ", found.GetProperty("limits").EnumerateArray().GroupBy(limit => Short(limit.GetProperty("version"))).Select(group => group.Key + " " + string.Join(" ", group.Select(limit => limit.GetProperty("verdict").GetString())))));
        Assert.Equal(identity.ChainBytes, found.GetProperty("chains").EnumerateArray().Where(chain => chain.GetProperty("certificates").GetArrayLength() == identity.Chain.Count).Select(chain => chain.GetProperty("bytes").GetInt32()).Last());
        Assert.InRange(found.GetProperty("largestRecordBytes").GetInt32(), 512, 16_384 + 256);
        Assert.InRange(report.GetProperty("connections").GetInt32(), 5, 59);
        AssertProved(report.GetProperty("proposal"));
        return report;
    }

    /// <summary>The connection took the plan of the very profile that is proposed, and of each region no more than was planned.</summary>
    private static void AssertProved(JsonElement proposal)
    {
        JsonElement proof = proposal.GetProperty("proof");
        Assert.True(proof.GetProperty("connected").GetBoolean(), proof.ToString());
        int planned = proposal.GetProperty(nint.Size == 8 ? "bytes64" : "bytes32").GetInt32();
        Assert.Equal(planned, proof.GetProperty("plannedBytes").GetInt32());
        Assert.InRange(proof.GetProperty("usedBytes").GetInt32(), 1, planned);
    }

    private static string Way(JsonElement way) =>
        $"{Short(way.GetProperty("version"))} {way.GetProperty("key").GetString()}: {Words(way.GetProperty("suites"), sorted: true)}; {Words(way.GetProperty("groups"), sorted: true)}";

    private static string ChainOf(JsonElement chain) =>
        string.Join(" < ", chain.GetProperty("certificates").EnumerateArray().Select(certificate => certificate.GetProperty("key").GetString())) + $" < {chain.GetProperty("root").GetProperty("key").GetString()} ({chain.GetProperty("root").GetProperty("source").GetString()})";

    private static string ClientOf(JsonElement client) => !client.GetProperty("asked").GetBoolean() ? "no"
        : $"{(client.GetProperty("required").ValueKind == JsonValueKind.Null ? "asked" : client.GetProperty("required").GetBoolean() ? "demanded" : "optional")} of {Words(client.GetProperty("authorities"), sorted: true)}";

    private static string Words(JsonElement list, bool sorted)
    {
        IEnumerable<string> words = list.EnumerateArray().Select(Short);
        return string.Join(" ", sorted ? words.Order(StringComparer.Ordinal) : words);
    }

    private static string Short(JsonElement text) => text.GetString()!
        .Replace("TLS_ECDHE_RSA_WITH_", "", StringComparison.Ordinal).Replace("TLS_ECDHE_ECDSA_WITH_", "", StringComparison.Ordinal)
        .Replace("TLS_", "", StringComparison.Ordinal).Replace("TLS ", "", StringComparison.Ordinal);
}
