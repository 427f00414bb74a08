using System;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>Whatever arrives, in whatever state: the invariants hold and no poll goes on for ever.</summary>
public class ArbitrarySegmentTests
{
    private static readonly Gen<int> _near = Gen.Frequency(
        (5, Gen.Choose(-3, 3)), (3, Gen.Choose(-200, 200)), (1, Gen.Elements(int.MinValue, int.MaxValue, 65_535, -65_535, 1024, 1025, 128, 127)));

    private static readonly Gen<Step> _steps =
        from kind in Gen.Choose(0, 19)
        from flags in Gen.Frequency((6, Gen.Constant((int)TcpControl.Ack)), (1, Gen.Choose(0, 63)))
        from sequence in _near
        from acknowledgement in _near
        from text in Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(0, 200)))
        from window in Gen.Elements(0, 1, 50, 1000, 65_535)
        select new Step(kind, (TcpControl)flags, sequence, acknowledgement, text, (ushort)window);

    [Fact]
    public void The_invariants_hold_after_every_step() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(200), Prop.ForAll(Gen.ArrayOf(_steps).ToArbitrary(), steps =>
        {
            var client = new Client(128, 128);
            client.Connect(0xFFFF_FFC0, 100);
            foreach (Step step in steps)
            {
                step.Apply(client);
                client.CheckInvariants();
            }
        }));

    [Fact]
    public void Any_bytes_are_taken_or_refused_without_a_trace_beyond_the_memory() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b)).ToArbitrary(), bytes =>
        {
            Script script = Script.Established();
            Assert.Equal(TcpVerdict.Malformed, script.Client.Receive([.. bytes, 1, 2, 3]));
            script.Client.CheckInvariants();
        }).QuickCheckThrowOnFailure();

    private sealed record Step(int Kind, TcpControl Flags, int Sequence, int Acknowledgement, int Text, ushort Window)
    {
        public void Apply(Client client)
        {
            switch (Kind)
            {
                case < 9:
                    client.Receive(Near(client));
                    break;
                case < 12:
                    client.Poll();
                    break;
                case < 14:
                    client.Write(new byte[Text]);
                    break;
                case < 16:
                    client.Read(Text);
                    break;
                case 16:
                    client.Now += (uint)Math.Abs(Sequence % 100_000);
                    break;
                case 17:
                    client.Now += Math.Min(client.Tcp.PollAt(client.Now), 1_000_000);
                    break;
                case 18:
                    Rare(client);
                    break;
                default:
                    client.Poll();
                    client.Receive(Near(client) with { Flags = Handshake(client), Acknowledgement = client.Block.SendMax });
                    break;
            }
        }

        private static TcpControl Handshake(Client client) => client.Tcp.State == TcpState.SynSent ? TcpControl.Syn | TcpControl.Ack : TcpControl.Ack;

        // Close, abort, connect anew or a keep-alive, each seldom.
        private void Rare(Client client)
        {
            switch (Text % 8)
            {
                case 0:
                    client.Tcp.Close();
                    break;
                case 1:
                    client.Tcp.Abort();
                    break;
                case 2:
                    client.Connect((uint)Sequence, 100);
                    break;
                default:
                    client.Tcp.KeepAlive((ushort)Text);
                    break;
            }
        }

        private Segment Near(Client client) => new(
            Client.PeerPort, Client.Port, client.Block.ReceiveNext + (uint)Sequence, client.Block.SendMax + (uint)Acknowledgement, Flags, Window, new byte[Text], []);
    }
}
