using System;
using System.IO;
using System.Reflection;
using System.Text.RegularExpressions;
using PublicApiGenerator;
using Xunit;

namespace Thimble.Tests.Packages;

/// <summary>
/// What users may rely on stands in docs/api, one file for each package, so that a change of it is seen and meant. After such a change run the
/// tests once with <c>THIMBLE_UPDATE_API=1</c>, and read the difference.
/// </summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(typeof(MemoryPlan), "Thimble.Core")]
    [InlineData(typeof(TlsConnection), "Thimble")]
    public void The_public_surface_is_the_one_that_was_reviewed(Type member, string package)
    {
        string now = Surface(member.Assembly);
        string file = Path.Combine(Repository.Folder, "docs", "api", package + ".txt");
        if (Environment.GetEnvironmentVariable("THIMBLE_UPDATE_API") == "1")
        {
            File.WriteAllText(file, now);
        }

        Assert.Equal(File.ReadAllText(file), now);
    }

    private static string Surface(Assembly assembly) =>
        Regex.Replace(assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }), "\r\n|\r", "\n").TrimEnd() + "\n";
}
