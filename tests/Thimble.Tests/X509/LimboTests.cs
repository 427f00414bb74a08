using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>The 208 path validation cases of x509-limbo without BetterTLS, against the deviations that docs/limbo.md admits.</summary>
public sealed partial class LimboTests
{
    [VectorFact]
    public void Every_case_ends_as_expected_or_deviates_as_written()
    {
        Dictionary<string, string> written = ReadDeviations();
        var wrong = new List<string>();
        using JsonDocument document = Vectors.Read("limbo/limbo-core.json.gz");
        int count = 0;
        foreach (JsonElement test in document.RootElement.GetProperty("testcases").EnumerateArray())
        {
            count++;
            string id = test.GetProperty("id").GetString()!;
            bool wanted = test.GetProperty("expected_result").GetString() == "SUCCESS";
            (bool accepted, string why) = Validate(test);
            string deviation = accepted == wanted ? string.Empty : accepted ? "accepts" : "refuses";
            if (deviation != written.GetValueOrDefault(id, string.Empty))
            {
                wrong.Add($"{id}: {(deviation.Length == 0 ? "no longer deviates" : deviation)} ({why}); written: {written.GetValueOrDefault(id, "nothing")}");
            }

            written.Remove(id);
        }

        Assert.Equal(208, count);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(written);
    }

    private static (bool Accepted, string Why) Validate(JsonElement test)
    {
        if (test.GetProperty("expected_peer_name").ValueKind == JsonValueKind.Null)
        {
            // A verifier of servers without a name to look for.
            return (false, "no reference name");
        }

        DateTimeOffset now = test.GetProperty("validation_time").ValueKind == JsonValueKind.Null
            ? new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)
            : test.GetProperty("validation_time").GetDateTimeOffset();
        byte[] image;
        try
        {
            var builder = new RomImageBuilder();
            foreach (JsonElement pem in test.GetProperty("trusted_certs").EnumerateArray())
            {
                builder.AddTrustAnchor(Der(pem));
            }

            image = builder.Build(now);
        }
        catch (Exception refused) when (refused is ArgumentException or InvalidOperationException)
        {
            return (false, "bake: " + refused.Message);
        }

        List<byte[]> chain = [Der(test.GetProperty("peer_certificate")), .. test.GetProperty("untrusted_intermediates").EnumerateArray().Select(Der)];
        ChainOutcome outcome = new ChainHarness
        {
            Image = image,
            ServerName = test.GetProperty("expected_peer_name").GetProperty("value").GetString()!,
            Now = now.ToUnixTimeSeconds(),
            MaxEd25519TbsBytes = 4096,
        }.Run(chain);
        return (outcome.Status == ChainStatus.Complete, outcome.Reason == FaultReason.None ? "complete" : outcome.ToString());
    }

    private static byte[] Der(JsonElement pem)
    {
        string text = pem.GetString()!;
        System.Security.Cryptography.PemFields fields = System.Security.Cryptography.PemEncoding.Find(text);
        return Convert.FromBase64String(text[fields.Base64Data]);
    }

    /// <summary>Rows of the document's tables: | `case` | accepts or refuses | reason |.</summary>
    private static Dictionary<string, string> ReadDeviations()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Thimble.slnx")))
        {
            at = at.Parent;
        }

        return Row().Matches(File.ReadAllText(Path.Combine(at.FullName, "docs", "limbo.md")))
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| (accepts|refuses) \| \S", RegexOptions.Multiline)]
    private static partial Regex Row();
}
