namespace Thimble.Bench.Primitives;

/// <summary>Verifies and decrypts.</summary>
public class AeadOpen : AeadBenchmark
{
    public override void Platform() => PlatformOpen();

    public override void Thimble() => Require(ThimbleOpen());
}
