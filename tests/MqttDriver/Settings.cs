using System;

namespace Thimble.MqttDriver;

/// <summary>The driver's own command line: <c>CLIENT_ID [--cafile FILE]</c>.</summary>
internal sealed record Settings(string ClientId, string? CaFile)
{
    public static Settings? Parse(string[] arguments) => arguments switch
    {
        [string id] when !id.StartsWith('-') => new Settings(id, null),
        [string id, "--cafile", string file] when !id.StartsWith('-') => new Settings(id, file),
        _ => null,
    };
}
