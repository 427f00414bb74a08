using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Thimble.Cli;
using Thimble.Cli.Defaults;
using Xunit;

namespace Thimble.Tool.Tests.Defaults;

public sealed class OptionDefaultsTests
{
    [Fact]
    public void The_command_line_comes_before_the_environment_and_that_before_the_file()
    {
        Assert.Equal("rsa2048", Profile(["plan", "--json"], [], []));
        Assert.Equal("ecdsa", Profile(["plan", "--json"], [], ["profile = ecdsa"]));
        Assert.Equal("general", Profile(["plan", "--json"], [("THIMBLE_PROFILE", "general")], ["profile = ecdsa"]));
        Assert.Equal("rsa2048", Profile(["plan", "--json", "--profile", "rsa2048"], [("THIMBLE_PROFILE", "general")], ["profile = ecdsa"]));
    }

    [Fact]
    public void A_section_is_for_its_commands_and_comes_before_what_is_for_all()
    {
        string[] file = ["profile = ecdsa", "", "# mine", "[plan, connect]", "profile = general"];
        Assert.Equal("general", Profile(["plan", "--json"], [], file));
        Assert.Equal("ecdsa", Profile(["plan", "--json"], [], ["profile = ecdsa", "[connect]", "profile = general"]));
    }

    [Fact]
    public void A_switch_is_true_or_false()
    {
        Assert.StartsWith("{", Run(["plan"], [("THIMBLE_JSON", "true")], []).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("{", Run(["plan"], [("THIMBLE_JSON", "false")], []).Output, StringComparison.Ordinal);
        (int code, _, string error) = Run(["plan"], [("THIMBLE_JSON", "perhaps")], []);
        Assert.Equal(2, code);
        Assert.Contains("--json is a switch, whose default is true or false, and not 'perhaps'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_of_mosquitto_have_defaults_too()
    {
        (int code, _, string error) = Run(["pub", "-t", "x", "-m", "y", "-p", "1"], [], ["[pub]", "host = host.invalid", "cafile = /nowhere/ca.pem"]);
        Assert.Equal(1, code);
        Assert.Contains("/nowhere/ca.pem", error, StringComparison.Ordinal);
        (_, _, string given) = Run(["pub", "-t", "x", "-m", "y", "-p", "1", "--cafile", "/elsewhere/ca.pem"], [], ["[pub]", "cafile = /nowhere/ca.pem"]);
        Assert.Contains("/elsewhere/ca.pem", given, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("profil = ecdsa", "Line 1 of the defaults in 'config' sets 'profil', which no command has as an option.")]
    [InlineData("[pla]\nprofile = ecdsa", "Line 2 of the defaults in 'config' is for a command 'pla', and there is none.")]
    [InlineData("[plan]\nhost = x", "'plan' does not have")]
    [InlineData("--profile = ecdsa", "neither '[command]' nor 'option = value'")]
    [InlineData("profile", "neither '[command]' nor 'option = value'")]
    [InlineData("[]\nprofile = ecdsa", "neither '[command]' nor 'option = value'")]
    public void A_default_that_makes_no_sense_is_told_with_its_line(string file, string part)
    {
        (int code, string output, string error) = Run(["plan"], [], file.Split('\n'));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_wrong_is_told_as_if_it_had_been_given()
    {
        (int code, _, string error) = Run(["plan"], [("THIMBLE_PROFILE", "nonsense")], []);
        Assert.Equal(2, code);
        Assert.Contains("There is no profile 'nonsense'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_has_no_defaults() => Assert.Empty(DefaultsFile.Read(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())).Lines);

    private static string Profile(string[] arguments, (string Name, string Value)[] environment, string[] file)
    {
        (int code, string output, string error) = Run(arguments, environment, file);
        Assert.Equal((0, ""), (code, error));
        return System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("memory").GetProperty("profile").GetString()!;
    }

    private static (int Code, string Output, string Error) Run(string[] arguments, (string Name, string Value)[] environment, string[] file)
    {
        Dictionary<string, string> variables = environment.ToDictionary(one => one.Name, one => one.Value);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = CommandLine.Run(arguments, Terminal.To(output, error), () => new OptionDefaults(DefaultsFile.Parse("config", file), name => variables.GetValueOrDefault(name)));
        return (code, output.ToString(), error.ToString());
    }
}
