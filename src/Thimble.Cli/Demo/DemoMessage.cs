namespace Thimble.Cli.Demo;

/// <summary>A message as it was received.</summary>
internal sealed record DemoMessage(string Topic, byte[] Payload);
