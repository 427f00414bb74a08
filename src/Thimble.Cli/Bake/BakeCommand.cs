using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Spectre.Console;
using Thimble.Cli.Clouds;

namespace Thimble.Cli.Bake;

/// <summary><c>thimble bake</c>: certificates and a key become the image that a device carries in flash.</summary>
internal static class BakeCommand
{
    private const string About = """
        Turn certificates and a private key into the ROM image that a connection reads in place, without a parser or a heap.

        Examples:
          thimble bake --cafile roots.pem --cert device.pem --key device.key -o device.rom
          thimble bake --cafile AmazonRootCA1.pem --cert device.pfx --for aws-iot -o device.rom
          thimble bake --cafile roots.pem -o Anchors.cs --namespace Acme.Device
          thimble bake --cafile roots.pem --cert device.pem --key device.key -o device.h --format der-c
          thimble bake inspect device.rom
        """;

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(BakeRecipe Recipe, string Output, ImageFormat Format, string Name, string? Namespace, string? PassphraseFile, string[] Quiet, bool Json);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("bake", About);
        var anchors = new Option<string[]>("--cafile") { HelpName = "FILE", Description = "Certificates to trust, PEM (one or several) or DER. May be repeated." };
        var certificates = new Option<string[]>("--cert") { HelpName = "FILE", Description = "The client's certificate and those above it in any order: PEM, DER, or PKCS#12 with the key. May be repeated." };
        var key = new Option<string>("--key") { HelpName = "FILE", Description = "The client's private key: PKCS#8, PKCS#1 or SEC 1, PEM or DER. Not needed where --cert holds it." };
        var elsewhere = new Option<bool>("--key-elsewhere") { Description = "Another chip signs with the private key: the image gets its public part only." };
        var pins = new Option<string[]>("--pin") { HelpName = "PIN", Description = "A pin of a server's or an authority's key, such as sha256/BASE64. May be repeated." };
        var cloud = new Option<string>("--for") { HelpName = "CLOUD", Description = $"Check that a root is there which this cloud needs: {string.Join(", ", CloudRoots.All.Select(known => known.Name))}." };
        var output = new Option<string>("--output", "-o") { HelpName = "FILE", Required = true, Description = "Where to write. It is written whole or not at all, and for its owner only where a private key is inside." };
        var format = new Option<string>("--format") { HelpName = "bin|csharp|c|der-c", Description = "The image, a C# class, a C header of the image, or one of plain DER for other parsers. The default follows from the name: .cs is csharp, .h is c, others are bin." };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "The name of the class or of the array. The default follows from the file's name." };
        var space = new Option<string>("--namespace") { HelpName = "NAMESPACE", Description = "The namespace of the class." };
        var allowExpired = new Option<bool>("--allow-expired") { Description = "Bake an expired client's certificate with a warning. Expired trust anchors are never baked." };
        Option<string> passphrase = PassphraseFileOption();
        Option<DateTimeOffset?> time = HandshakeOptions.TimeOption();
        var quiet = new Option<string[]>("--no-warn") { HelpName = "ID", Description = "Do not show warnings with this number, such as THIMBLE009. May be repeated." };
        Option<bool> json = PlanCommand.JsonOption();
        foreach (Option option in (Option[])[anchors, certificates, key, elsewhere, pins, cloud, output, format, name, space, allowExpired, passphrase, time, quiet, json])
        {
            command.Options.Add(option);
        }

        command.Subcommands.Add(InspectCommand.Create(terminal));
        command.SetAction(result =>
        {
            string file = result.GetRequiredValue(output);
            DateTimeOffset now = result.GetValue(time) ?? DateTimeOffset.UtcNow;
            ImageFormat written = result.GetValue(format) is { } named ? FormatNamed(named) : ImageFormats.Of(file);
            return Run(terminal, new Request(
                new BakeRecipe
                {
                    AnchorFiles = result.GetValue(anchors) ?? [],
                    CertificateFiles = result.GetValue(certificates) ?? [],
                    KeyFile = result.GetValue(key),
                    KeyElsewhere = result.GetValue(elsewhere),
                    Pins = result.GetValue(pins) ?? [],
                    Cloud = result.GetValue(cloud) is { } wanted ? CloudNamed(wanted) : null,
                    AllowExpired = result.GetValue(allowExpired),
                    Now = now,
                    BakedAt = now,
                    PassphraseAdvice = $"Give it with --passphrase-file or in {PassphraseSource.Variable}.",
                },
                file, written, Identifier.Of(result.GetValue(name), file, written), Identifier.Namespace(result.GetValue(space)), result.GetValue(passphrase), result.GetValue(quiet) ?? [], result.GetValue(json)));
        });
        return command;
    }

    /// <summary>The option that <c>cert</c> has too.</summary>
    public static Option<string> PassphraseFileOption() => new("--passphrase-file")
    {
        HelpName = "FILE",
        Description = $"A file whose first line is the passphrase of an encrypted key. Otherwise {PassphraseSource.Variable} is used, or you are asked.",
    };

    /// <summary>Why there is no image.</summary>
    public static int Explain(Terminal terminal, bool json, string? file, ThimbleException e, IReadOnlyList<RemarkReport> remarks)
    {
        if (json)
        {
            FaultReport fault = e is BakeException baking ? new FaultReport(baking.Rule.Id, "None", null, null, null, null, null, e.Message) : ReportMaker.Fault(e);
            terminal.WriteJson(new BakeReport(false, file, null, null, remarks, fault), BakeJson.Readable.BakeReport);
        }
        else
        {
            terminal.Error.WriteLine(e is BakeException { Rule.Id: var id } ? $"error {id}: {e.Message}" : $"error: {e.Message}");
        }

        return ExitCode.Fault;
    }

    private static int Run(Terminal terminal, Request request)
    {
        RefuseNonsense(request);
        try
        {
            using BakedImage baked = new Baker(request.Recipe, CredentialFile.Read, new PassphraseSource(terminal, request.PassphraseFile).For).Bake();
            RemarkReport[] remarks = [.. baked.Remarks.Concat(AboutKey(request.Recipe, baked)).Where(remark => !request.Quiet.Contains(remark.Rule.Id)).Select(static remark => new RemarkReport(remark.Rule.Id, remark.Text))];
            Write(request, baked);
            ImageReport image = ImageReader.Read(request.Output, baked.Image);
            string format = ImageFormats.ByName.First(pair => pair.Value == request.Format).Key;
            if (request.Json)
            {
                terminal.WriteJson(new BakeReport(true, request.Output, format, image, remarks, null), BakeJson.Readable.BakeReport);
                return ExitCode.Good;
            }

            foreach (RemarkReport remark in remarks)
            {
                terminal.Error.WriteLine($"warning {remark.Id}: {remark.Text}");
            }

            terminal.Console.MarkupLineInterpolated($"{request.Output}: a ROM image of {image.Bytes:N0} bytes, as {format}.");
            ImageSummary.Write(terminal.Console, image);
            return ExitCode.Good;
        }
        catch (ThimbleException e)
        {
            return Explain(terminal, request.Json, null, e, []);
        }
    }

    private static IEnumerable<BakeRemark> AboutKey(BakeRecipe recipe, BakedImage baked) =>
        !baked.IsSecret ? [] : (recipe.KeyFile is { } key ? [key] : recipe.CertificateFiles).SelectMany(KeyFilePlace.Remarks);

    private static void Write(Request request, BakedImage baked)
    {
        byte[] content = request.Format switch
        {
            ImageFormat.CSharp => Encoding.UTF8.GetBytes(CSharpSource.Of(baked.Image, baked.IsSecret, request.Namespace, request.Name)),
            ImageFormat.C => Encoding.UTF8.GetBytes(CHeader.OfImage(baked.Image, baked.IsSecret, request.Name)),
            ImageFormat.DerC => Encoding.UTF8.GetBytes(CHeader.OfDer(baked, request.Name)),
            _ => [.. baked.Image],
        };
        try
        {
            WholeFile.Write(request.Output, content, baked.IsSecret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    private static void RefuseNonsense(Request request)
    {
        BakeRecipe recipe = request.Recipe;
        if (recipe.AnchorFiles.Count == 0 && recipe.Pins.Count == 0)
        {
            throw new UsageException("Give --cafile, the certificates to trust, or --pin: an image without either trusts nobody.");
        }

        if (recipe.CertificateFiles.Count == 0 && (recipe.KeyFile is not null || recipe.KeyElsewhere))
        {
            throw new UsageException("A key without its certificate proves nothing: give --cert.");
        }

        if (recipe.KeyElsewhere && recipe.KeyFile is not null)
        {
            throw new UsageException("--key and --key-elsewhere contradict one another: give one of them.");
        }

        if (RealPath.SameAs(request.Output, [.. recipe.AnchorFiles, .. recipe.CertificateFiles, recipe.KeyFile, request.PassphraseFile]) is { } same)
        {
            throw new UsageException($"--output would overwrite '{same}', from which the image is made.");
        }
    }

    private static ImageFormat FormatNamed(string name) => ImageFormats.ByName.TryGetValue(name, out ImageFormat format) ? format
        : throw new UsageException($"--format takes {string.Join(", ", ImageFormats.ByName.Keys)}, and not '{name}'.");

    private static CloudRoots CloudNamed(string name) => CloudRoots.Find(name)
        ?? throw new UsageException($"--for takes {string.Join(", ", CloudRoots.All.Select(static cloud => cloud.Name))}, and not '{name}'.");
}
