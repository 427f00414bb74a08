using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// The session state of the client (MQTT 3.1.1 §4.1, MQTT 5 §4.1): a header, the messages that we sent, and the identifiers of QoS 2 that
/// came. The messages stand in the order in which their packets go out again: first those let go, in the order of their PUBRECs
/// ([MQTT-4.6.0-4]), then the others in that of their PUBLISHes ([MQTT-4.6.0-1]).
/// </summary>
internal readonly ref struct MqttInFlightTable
{
    private readonly Span<byte> _region;
    private readonly int _maxOutbound;
    private readonly int _maxInbound;

    /// <summary>A view of a region of that profile's plan, or of none.</summary>
    public MqttInFlightTable(in Profile profile, Span<byte> region)
    {
        bool has = Features.MqttQos && region.Length >= RegionBytes(profile) && RegionBytes(profile) != 0;
        _region = has ? region : default;
        _maxOutbound = has ? MaxOutbound(profile) : 0;
        _maxInbound = has ? MaxInbound(profile) : 0;
    }

    /// <summary>Whether there is memory for it.</summary>
    public bool Exists => Features.MqttQos && !_region.IsEmpty;

    /// <summary>The header.</summary>
    public ref MqttInFlightHeader Header => ref MemoryMarshal.AsRef<MqttInFlightHeader>(_region);

    /// <summary>How many messages may be in flight.</summary>
    public int Capacity => _maxOutbound;

    /// <summary>How many messages are in flight.</summary>
    public int Count => Exists ? Header.Outbound : 0;

    /// <summary>How many messages of QoS 2 may be on their way to us.</summary>
    public int InboundCapacity => _maxInbound;

    /// <summary>How many are.</summary>
    public int InboundCount => Exists ? Header.Inbound : 0;

    /// <summary>A message in flight.</summary>
    public ref MqttInFlightEntry this[int index]
        => ref MemoryMarshal.AsRef<MqttInFlightEntry>(_region[(MqttInFlightHeader.Bytes + (index * MqttInFlightEntry.Bytes))..]);

    /// <summary>The entries and identifiers behind the header.</summary>
    public Span<byte> Entries => _region.Slice(MqttInFlightHeader.Bytes, Count * MqttInFlightEntry.Bytes);

    /// <summary>The identifiers of QoS 2.</summary>
    public Span<byte> Identifiers
        => _region.Slice(MqttInFlightHeader.Bytes + (_maxOutbound * MqttInFlightEntry.Bytes), InboundCount * sizeof(ushort));

    /// <summary>The size of the region; none where the profile asks for neither, or the build leaves it out.</summary>
    public static int RegionBytes(in Profile profile)
    {
        int entries = (MaxOutbound(profile) * MqttInFlightEntry.Bytes) + (MaxInbound(profile) * sizeof(ushort));
        return Features.MqttQos && entries != 0 ? MqttInFlightHeader.Bytes + entries : 0;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (Exists)
        {
            _region.Clear();
        }
    }

    /// <summary>
    /// The broker has accepted the session: with all that is in flight, or a new one, to which belongs only what is remembered provisionally, since CONNACK comes
    /// before all else.
    /// </summary>
    public void Establish(bool sessionPresent)
    {
        if (!Exists)
        {
            return;
        }

        if (!sessionPresent)
        {
            Span<byte> identifiers = Identifiers;
            Span<byte> since = identifiers[(Header.VerifiedInbound * sizeof(ushort))..];
            since.CopyTo(identifiers);
            identifiers[since.Length..].Clear();
            Entries.Clear();
            Header.Outbound = 0;
            Header.Inbound -= Header.VerifiedInbound;
            Header.VerifiedInbound = 0;
        }

        Header.Version = MqttInFlightHeader.ExpectedVersion;
    }

    /// <summary>The place of the first message in that stage; -1 where there is none.</summary>
    public int FirstIn(MqttInFlightState stage)
    {
        for (int i = 0; i < Count; i++)
        {
            if (this[i].Stage == stage)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The place of the first message with that flag; -1 where there is none.</summary>
    public int FirstWith(MqttInFlightState flag)
    {
        for (int i = 0; i < Count; i++)
        {
            if ((this[i].State & flag) != 0)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>How many messages are in that stage.</summary>
    public int CountIn(MqttInFlightState stage)
    {
        int count = 0;
        for (int i = 0; i < Count; i++)
        {
            count += this[i].Stage == stage ? 1 : 0;
        }

        return count;
    }

    /// <summary>How many messages have their PUBLISH still to go out.</summary>
    public int CountDue()
    {
        int count = 0;
        for (int i = 0; i < Count; i++)
        {
            count += this[i].IsDue ? 1 : 0;
        }

        return count;
    }

    /// <summary>The place of the message with that identifier; -1 where there is none.</summary>
    public int IndexOf(ushort identifier)
    {
        for (int i = 0; i < Count; i++)
        {
            if (this[i].Identifier == identifier)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Adds a message, for which there is room.</summary>
    public void Add(ushort identifier, MqttInFlightState stage, uint token)
    {
        ref MqttInFlightEntry entry = ref this[Header.Outbound++];
        entry.Identifier = identifier;
        entry.State = stage | MqttInFlightState.Due;
        entry.Heard = 0;
        entry.Token = token;
    }

    /// <summary>Takes a message out.</summary>
    public void Remove(int index)
    {
        Span<byte> entries = Entries;
        entries[((index + 1) * MqttInFlightEntry.Bytes)..].CopyTo(entries[(index * MqttInFlightEntry.Bytes)..]);
        entries[^MqttInFlightEntry.Bytes..].Clear();
        Header.Outbound--;
    }

    /// <summary>The broker has a message of QoS 2: it goes behind those that are let go already.</summary>
    public void Release(int index)
    {
        int released = 0;
        while (this[released].Stage >= MqttInFlightState.OwesPubrel)
        {
            released++;
        }

        MqttInFlightEntry entry = this[index];
        Span<byte> between = _region.Slice(MqttInFlightHeader.Bytes + (released * MqttInFlightEntry.Bytes), (index - released) * MqttInFlightEntry.Bytes);
        between.CopyTo(_region[(MqttInFlightHeader.Bytes + ((released + 1) * MqttInFlightEntry.Bytes))..]);
        entry.State = MqttInFlightState.OwesPubrel;
        entry.Heard = 0;
        this[released] = entry;
    }

    /// <summary>Whether a message of QoS 2 with that identifier came and was not let go; those <paramref name="before"/> do not count.</summary>
    public bool HasInbound(ushort identifier, int before = 0) => InboundIndexOf(identifier, before) >= 0;

    /// <summary>Remembers one, for which there is room.</summary>
    public void AddInbound(ushort identifier)
    {
        Header.Inbound++;
        BinaryPrimitives.WriteUInt16LittleEndian(Identifiers[^sizeof(ushort)..], identifier);
        if (!Header.Provisional)
        {
            Header.VerifiedInbound = Header.Inbound;
        }
    }

    /// <summary>Forgets one that was let go.</summary>
    public void RemoveInbound(ushort identifier)
    {
        int index = InboundIndexOf(identifier);
        if (index < 0)
        {
            return;
        }

        Span<byte> identifiers = Identifiers;
        identifiers[((index + 1) * sizeof(ushort))..].CopyTo(identifiers[(index * sizeof(ushort))..]);
        identifiers[^sizeof(ushort)..].Clear();
        Header.Inbound--;
        Header.VerifiedInbound -= index < Header.VerifiedInbound ? (ushort)1 : (ushort)0;
    }

    /// <summary>What is remembered from here on may have to be forgotten.</summary>
    public void BeginProvisional()
    {
        if (Exists)
        {
            Header.Provisional = true;
            Header.VerifiedInbound = Header.Inbound;
        }
    }

    /// <summary>What was remembered since counts. Whether there are acknowledgements among it.</summary>
    public bool Commit()
    {
        bool any = false;
        for (int i = 0; i < Count; i++)
        {
            ref MqttInFlightEntry entry = ref this[i];
            entry.State |= entry.Heard != 0 ? MqttInFlightState.Confirmed : MqttInFlightState.None;
            any |= entry.Heard != 0;
        }

        if (Exists)
        {
            Header.Provisional = false;
            Header.VerifiedInbound = Header.Inbound;
        }

        return any;
    }

    /// <summary>What was remembered since counts for nothing.</summary>
    public void Abort()
    {
        if (!Exists || !Header.Provisional)
        {
            return;
        }

        for (int i = 0; i < Count; i++)
        {
            ref MqttInFlightEntry entry = ref this[i];
            entry.Heard = entry.IsConfirmed ? entry.Heard : (byte)0;
        }

        Identifiers[(Header.VerifiedInbound * sizeof(ushort))..].Clear();
        Header.Inbound = Header.VerifiedInbound;
        Header.Provisional = false;
    }

    /// <summary>Begins a connection: what was sent on the last one and not acknowledged is due again (§4.4).</summary>
    public void Continue()
    {
        Abort();
        for (int i = 0; i < Count; i++)
        {
            ref MqttInFlightEntry entry = ref this[i];
            if (entry.IsConfirmed)
            {
                continue;   // it is over, or let go, once it is told
            }

            entry.Heard = 0;   // of a store that was damaged, too
            if (entry.Stage == MqttInFlightState.ExpectPubcomp)
            {
                entry.State = MqttInFlightState.OwesPubrel;
            }
            else if (entry.Stage < MqttInFlightState.OwesPubrel)
            {
                entry.State |= MqttInFlightState.Due;
            }
        }
    }

    /// <summary>Whether what stands in the region is a session, and one that agrees with itself and with the limits.</summary>
    public bool IsSound()
        => Header.Version == MqttInFlightHeader.ExpectedVersion && Header.Outbound <= _maxOutbound
        && Header.Inbound <= _maxInbound && Header.VerifiedInbound <= Header.Inbound
        && AreSound(Entries) && AreSoundIdentifiers(Identifiers);

    /// <summary>Whether entries have legal states in their order, and identifiers that differ.</summary>
    public static bool AreSound(ReadOnlySpan<byte> entries)
    {
        bool released = true;
        for (int i = 0; i < entries.Length; i += MqttInFlightEntry.Bytes)
        {
            ref readonly MqttInFlightEntry entry = ref MemoryMarshal.AsRef<MqttInFlightEntry>(entries[i..]);
            bool isReleased = entry.Stage is MqttInFlightState.OwesPubrel or MqttInFlightState.ExpectPubcomp;
            bool isSent = entry.Stage is MqttInFlightState.ExpectPuback or MqttInFlightState.ExpectPubrec;
            released &= isReleased;
            if (entry.Identifier == 0 || !entry.HasKnownFlags || (isReleased ? !released || entry.IsDue : !isSent) || (entry.IsConfirmed && entry.Heard == 0))
            {
                return false;
            }

            for (int j = 0; j < i; j += MqttInFlightEntry.Bytes)
            {
                if (MemoryMarshal.AsRef<MqttInFlightEntry>(entries[j..]).Identifier == entry.Identifier)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether identifiers of QoS 2 are not 0, and differ.</summary>
    public static bool AreSoundIdentifiers(ReadOnlySpan<byte> identifiers)
    {
        for (int i = 0; i < identifiers.Length; i += sizeof(ushort))
        {
            ushort identifier = BinaryPrimitives.ReadUInt16LittleEndian(identifiers[i..]);
            if (identifier == 0 || IndexIn(identifiers[..i], identifier) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private static int MaxOutbound(in Profile profile) => int.Clamp(profile.MaxMqttInFlight, 0, 4000);

    private static int MaxInbound(in Profile profile) => int.Clamp(profile.MaxMqttInboundExactlyOnce, 0, ushort.MaxValue);

    private int InboundIndexOf(ushort identifier, int before = 0) => Exists ? IndexIn(Identifiers[(before * sizeof(ushort))..], identifier) : -1;

    private static int IndexIn(ReadOnlySpan<byte> identifiers, ushort identifier)
    {
        for (int i = 0; i < identifiers.Length; i += sizeof(ushort))
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(identifiers[i..]) == identifier)
            {
                return i / sizeof(ushort);
            }
        }

        return -1;
    }
}
