using System.CommandLine;
using Spectre.Console;

namespace Thimble.Cli.Bake;

/// <summary><c>thimble bake inspect</c>: what an image holds, and never the key.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var image = new Argument<string>("IMAGE") { HelpName = "IMAGE", Description = "The file that 'thimble bake' wrote with --format bin." };
        Option<bool> json = PlanCommand.JsonOption();
        var command = new Command("inspect", "Show what an image holds: trust anchors, pins, the client's chain and the kind of its key, never the key.\n\nExample: thimble bake inspect device.rom")
        {
            Arguments = { image },
            Options = { json },
        };
        command.SetAction(result => Run(terminal, result.GetRequiredValue(image), result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, bool json)
    {
        try
        {
            using CredentialFile file = CredentialFile.Read(path);
            ImageReport image = ImageReader.Read(path, file.Bytes);
            if (json)
            {
                terminal.WriteJson(new BakeReport(true, path, null, image, [], null), BakeJson.Readable.BakeReport);
                return ExitCode.Good;
            }

            terminal.Console.MarkupLineInterpolated($"{path}: a ROM image of version {image.Version}, {image.Bytes:N0} bytes.");
            ImageSummary.Write(terminal.Console, image);
            return ExitCode.Good;
        }
        catch (ThimbleException e)
        {
            return BakeCommand.Explain(terminal, json, path, e, []);
        }
    }
}
