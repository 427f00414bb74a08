namespace Thimble.Cli.Advise;

/// <summary>One knob of a combination: what it saves behind those before it, and what is planned then.</summary>
internal sealed record CombinationStep(Knob Knob, int Saves, int Then);
