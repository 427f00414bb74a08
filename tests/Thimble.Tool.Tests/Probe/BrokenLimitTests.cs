using System;
using System.Linq;
using System.Text.Json;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>Limits to records that a server of TLS 1.3 accepts, kept and not kept: max_fragment_length counts the content, record_size_limit its type too (RFC 8449 §4).</summary>
public sealed class BrokenLimitTests
{
    [Theory]
    [InlineData(16_384, "Broken", "Broken")]
    [InlineData(513, "Broken", "Broken")]
    [InlineData(512, "Honoured", "Broken")]
    [InlineData(511, "Honoured", "Honoured")]
    public void Each_limit_is_judged_by_what_it_counts(int recordBytes, string fragment, string record)
    {
        using ScriptedServer server = new(async (_, stream, end) =>
        {
            byte[] received = new byte[4096];
            int length = await stream.ReadAsync(received, end);
            await stream.WriteAsync(new Flight13(received[5..length]) { RecordBytes = recordBytes }.Answer(), end);
            _ = await stream.ReadAsync(received, end);
        });
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--json", "--timeout", "20");
        JsonElement found = run.Json.GetProperty("found");
        Assert.Equal("TLS 1.3", found.GetProperty("versions").EnumerateArray().Single().GetString());
        JsonElement[] limits = [.. found.GetProperty("limits").EnumerateArray()];
        Assert.Equal([fragment, record], limits.Select(limit => limit.GetProperty("verdict").GetString()));
        if (record == "Broken")
        {
            Assert.InRange(limits[1].GetProperty("largestBytes").GetInt32(), 513, recordBytes + 1);
            Assert.Contains("In TLS 1.3 it accepts record_size_limit of 512 bytes and then sends records of", run.Output, StringComparison.Ordinal);
        }
    }
}
