namespace Thimble.Bench.Tls;

/// <summary>Seals one record and gives it to a transport that throws it away.</summary>
public class RecordWrite : RecordBenchmark
{
    public override void Setup()
    {
        base.Setup();
        OurTransport!.Outgoing.Discards = true;
        TheirTransport!.Outgoing.Discards = true;
    }

    public override void Platform() => Theirs!.Write(Content);

    public override void Thimble() => Ours!.Write(OurTransport!, Content);
}
