using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Thimble.Cli.Bake;
using Thimble.Cli.Clouds;

namespace Thimble.Generators;

/// <summary>
/// Makes a class with a ROM image of each <c>ThimbleRomImage</c> in a project. An image is baked again only when its item or one of its files
/// changed; the checks on the way are those of <c>thimble bake</c>, as diagnostics.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class RomImageGenerator : IIncrementalGenerator
{
    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> s_rules = BakeRule.All.ToImmutableDictionary(
        static rule => rule.Id,
        static rule => new DiagnosticDescriptor(rule.Id, rule.Title, "{0}", "Thimble", rule.IsError ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, isEnabledByDefault: true));

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<AdditionalText>> texts = context.AdditionalTextsProvider.Collect();
        IncrementalValuesProvider<RomRecipe> recipes = context.AdditionalTextsProvider
            .Where(static text => Path.GetFileName(text.Path) == RomRecipe.FileName)
            .SelectMany(RomRecipe.Read);
        IncrementalValuesProvider<RomInput> inputs = recipes
            .Combine(recipes.Collect().Combine(texts))
            .Select(static (pair, cancellation) => pair.Left.With(pair.Right.Left, pair.Right.Right, cancellation));
        context.RegisterSourceOutput(inputs, static (output, input) => Generate(output, input));
    }

    private static void Generate(SourceProductionContext output, RomInput input)
    {
        RomRecipe recipe = input.Recipe;
        try
        {
            string name = Identifier.Is(recipe.Class, ImageFormat.CSharp) ? recipe.Class : throw Incomplete($"ClassName takes {Identifier.Rule}, and not '{recipe.Class}'.");
            string space = Namespace(recipe);
            if (input.IsAmbiguous)
            {
                throw Incomplete($"two images are to be the class '{recipe.FullName}'. Give each item a ClassName of its own.");
            }

            using BakedImage baked = new Baker(Read(recipe), input.Open, static _ => null).Bake();
            foreach (BakeRemark remark in baked.Remarks)
            {
                Report(output, recipe, remark.Rule, remark.Text);
            }

            output.AddSource($"{recipe.FullName}.g.cs", SourceText.From(CSharpSource.Of(baked.Image, baked.IsSecret, space.Length == 0 ? null : space, name), System.Text.Encoding.UTF8));
        }
        catch (BakeException e)
        {
            Report(output, recipe, e.Rule, e.Message);
        }
    }

    private static BakeRecipe Read(RomRecipe recipe)
    {
        // Where nothing else is to be trusted the file itself is, and there is no client.
        bool hasClient = recipe.Anchors.Length > 0;
        if (!hasClient && (recipe.Key.Length > 0 || Flag(recipe.KeyElsewhere, "KeyElsewhere")))
        {
            throw Incomplete("a client with a key needs Anchors=\"FILE\" beside it: the certificates by which it knows its server.");
        }

        return new BakeRecipe
        {
            AnchorFiles = [recipe.Full(hasClient ? recipe.Anchors : recipe.Include)],
            CertificateFiles = hasClient ? [recipe.Full(recipe.Include)] : [],
            KeyFile = recipe.Key.Length > 0 ? recipe.Full(recipe.Key) : null,
            KeyElsewhere = Flag(recipe.KeyElsewhere, "KeyElsewhere"),
            Cloud = recipe.For.Length == 0 ? null : CloudRoots.Find(recipe.For) ?? throw Incomplete($"For takes {string.Join(", ", CloudRoots.All.Select(static cloud => cloud.Name))}, and not '{recipe.For}'."),
            AllowExpired = Flag(recipe.AllowExpired, "AllowExpired"),
            Now = DateTimeOffset.UtcNow,
            BakedAt = BakedAt(recipe.BakedAt),
            PassphraseAdvice = "A build has nobody to ask: decrypt the key, openssl pkey -in FILE -out key.pem, and keep that file outside the repository.",
        };
    }

    private static DateTimeOffset? BakedAt(string text) => text.Length == 0 ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time
        : throw Incomplete($"BakedAt takes a time such as 2026-01-31T12:00:00Z, and not '{text}'.");

    private static bool Flag(string text, string name) => text.ToUpperInvariant() switch
    {
        "" or "FALSE" => false,
        "TRUE" => true,
        _ => throw Incomplete($"{name} takes true or false, and not '{text}'."),
    };

    private static string Namespace(RomRecipe recipe)
    {
        string space = recipe.Space;
        return space.Length == 0 || space.Split('.').All(Identifier.IsPart) ? space
            : throw Incomplete($"Namespace takes names with dots between, each of {Identifier.Rule}, and not '{space}'.");
    }

    private static BakeException Incomplete(string message) => new(BakeRule.Incomplete, "ThimbleRomImage: " + message);

    private static void Report(SourceProductionContext output, RomRecipe recipe, BakeRule rule, string text) => output.ReportDiagnostic(Diagnostic.Create(
        s_rules[rule.Id], Location.Create(recipe.Full(recipe.Include), default, default), text));
}
