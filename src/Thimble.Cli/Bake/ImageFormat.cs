using System;
using System.Collections.Generic;
using System.IO;

namespace Thimble.Cli.Bake;

/// <summary>As what an image is written.</summary>
internal enum ImageFormat
{
    /// <summary>The image itself.</summary>
    Binary = 0,

    /// <summary>A C# class with the image as a <see cref="ReadOnlySpan{T}"/> over the assembly's read-only data.</summary>
    CSharp,

    /// <summary>A C header with the image as an array.</summary>
    C,

    /// <summary>A C header with certificates and key as arrays of DER, for other parsers.</summary>
    DerC,
}

/// <summary>The formats by the names of the command line.</summary>
internal static class ImageFormats
{
    public static IReadOnlyDictionary<string, ImageFormat> ByName { get; } = new Dictionary<string, ImageFormat>
    {
        ["bin"] = ImageFormat.Binary,
        ["csharp"] = ImageFormat.CSharp,
        ["c"] = ImageFormat.C,
        ["der-c"] = ImageFormat.DerC,
    };

    /// <summary>What a file's name suggests.</summary>
    public static ImageFormat Of(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CS" => ImageFormat.CSharp,
        ".H" => ImageFormat.C,
        _ => ImageFormat.Binary,
    };
}
