using System;

namespace Thimble.BogoShim;

/// <summary>A flag of the runner that the shim implements.</summary>
/// <param name="Name">As the runner writes it, with its hyphen.</param>
/// <param name="TakesValue">Whether the next argument is its value.</param>
/// <param name="Set">What it changes.</param>
internal sealed record Flag(string Name, bool TakesValue, Action<ShimConfig, string> Set)
{
    public static Flag Switch(string name, Action<ShimConfig> set) => new(name, TakesValue: false, (config, _) => set(config));

    /// <summary>A flag that asks for what the engine does in any case.</summary>
    public static Flag Always(string name) => Switch(name, static _ => { });

    public static Flag Text(string name, Action<ShimConfig, string> set) => new(name, TakesValue: true, set);

    public static Flag Number(string name, Action<ShimConfig, int> set) =>
        Text(name, (config, value) => set(config, int.TryParse(value, out int number) ? number : throw new DeclinedException($"{name} {value}")));
}
