using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>docs/mqtt.md names a test for each statement of both specifications, or why there is none: the names are those of tests.</summary>
public partial class MqttStatementTests
{
    [Fact]
    public void Every_test_that_the_document_names_exists_and_every_statement_has_one_or_a_reason()
    {
        string[] tests =
        [
            .. typeof(MqttStatementTests).Assembly.GetTypes().Where(static t => t.Namespace == typeof(MqttStatementTests).Namespace)
                .SelectMany(static t => t.GetMethods().Where(static m => m.GetCustomAttributes<FactAttribute>().Any()).Select(m => $"{t.Name}.{m.Name}")),
        ];
        int statements = 0;
        var seen = new HashSet<string>();
        foreach (string line in File.ReadLines(Path.Combine(Root(), "docs", "mqtt.md")))
        {
            seen = line.StartsWith("## ", StringComparison.Ordinal) ? [] : seen;
            if (!line.StartsWith("| [MQTT-", StringComparison.Ordinal))
            {
                continue;
            }

            string[] cells = [.. line.Split('|', StringSplitOptions.TrimEntries).Skip(1)];
            string[] named = [.. Named().Matches(cells[2]).Select(static m => m.Groups[1].Value)];
            Assert.Matches(@"^\[MQTT-\d+(\.\d+){2}-\d+\]$", cells[0]);
            Assert.True(seen.Add(cells[0]), cells[0]);
            Assert.True(named.Length > 0 || cells[2].EndsWith('.'), line);
            Assert.All(named, name => Assert.Contains(name, tests));
            statements++;
        }

        Assert.InRange(statements, 200, 400);
    }

    private static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "Thimble.slnx")))
        {
            at = at.Parent;
        }

        return at.FullName;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Named();
}
