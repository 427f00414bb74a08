using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What the properties that a caller wants to send say, as far as the session must know.</summary>
internal struct MqttPropertyFindings
{
    /// <summary>How long the session outlives its connection.</summary>
    public uint SessionExpirySeconds;

    /// <summary>The mark of the authentication method.</summary>
    public uint AuthenticationMethod;

    /// <summary>What the caller's properties say of the session, where they say something.</summary>
    public MqttFacts Facts;

    /// <summary>Whether subscriptions get an identifier.</summary>
    public bool HasSubscriptionIdentifier;

    /// <summary>Judges properties before a byte of their packet is written: whether all of them may stand there. Bounded by their length.</summary>
    public static bool TryFind(MqttPropertyPlace place, scoped ReadOnlySpan<byte> properties, out MqttPropertyFindings findings)
    {
        findings = default;
        MqttPropertyCursor cursor = default;
        Fault fault = default;
        cursor.Begin((uint)properties.Length);
        int consumed = 0;
        scoped ReadOnlySpan<byte> data = default;
        MqttEvent found;
        do
        {
            found = MqttPropertyReader.Read(ref cursor, place, properties, ref consumed, ref data, ref fault);
            findings.Take(cursor, found);
        }
        while (found is not (MqttEvent.Faulted or MqttEvent.NeedMoreData));

        findings.HasSubscriptionIdentifier = cursor.Has(MqttProperty.SubscriptionIdentifier);
        bool hasMethod = cursor.Has(MqttProperty.AuthenticationMethod);
        findings.Facts |= hasMethod ? MqttFacts.Authenticates : MqttFacts.None;
        return cursor.IsAtEnd && found == MqttEvent.NeedMoreData && (hasMethod || !cursor.Has(MqttProperty.AuthenticationData));
    }

    private void Take(in MqttPropertyCursor cursor, MqttEvent found)
    {
        switch (cursor.Property)
        {
            case MqttProperty.SessionExpiryInterval when found == MqttEvent.Property:
                SessionExpirySeconds = cursor.Value;
                break;
            case MqttProperty.AuthenticationMethod when found == MqttEvent.PropertyEnd:
                AuthenticationMethod = cursor.Mark;
                break;
            case MqttProperty.RequestProblemInformation when found == MqttEvent.Property && cursor.Value == 0:
                Facts |= MqttFacts.NoProblemInformation;
                break;
            case MqttProperty.RequestResponseInformation when found == MqttEvent.Property && cursor.Value != 0:
                Facts |= MqttFacts.WantsResponseInformation;
                break;
            default:
                break;
        }
    }
}
