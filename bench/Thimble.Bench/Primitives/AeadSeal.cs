namespace Thimble.Bench.Primitives;

/// <summary>Encrypts and authenticates.</summary>
public class AeadSeal : AeadBenchmark
{
    public override void Platform() => PlatformSeal();

    public override void Thimble() => ThimbleSeal();
}
