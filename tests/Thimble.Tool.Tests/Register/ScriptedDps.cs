using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Thimble.Tests.Peers;
using Thimble.Tool.Tests.Clouds;

namespace Thimble.Tool.Tests.Register;

/// <summary>Plays DPS: answers each request with the next entry of a script, and the last one again and again.</summary>
internal sealed class ScriptedDps : IDisposable
{
    public const string Registration = "sn-007";
    public const string Hub = "contoso-7.azure-devices.net";
    public const string OperationId = "4.2f792ade0a5c3e68.baf0e879-d88a-4153-afef-71aff51fd847";

    private readonly Reply[] _script;
    private int _requests;

    /// <param name="identity">The server's certificate.</param>
    /// <param name="returnCode">What CONNACK says.</param>
    /// <param name="refusesSubscriptions">Whether it refuses subscriptions.</param>
    /// <param name="script">The answers; none is silence.</param>
    public ScriptedDps(PeerIdentity identity, byte returnCode, bool refusesSubscriptions, params Reply[] script)
    {
        _script = script;
        Server = new ConnectRecorder(identity) { ReturnCode = returnCode, RefusesSubscriptions = refusesSubscriptions, Answer = Next };
    }

    public ScriptedDps(PeerIdentity identity, params Reply[] script)
        : this(identity, 0, false, script)
    {
    }

    public ConnectRecorder Server { get; }

    public string Port => Server.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>One answer.</summary>
    /// <param name="Status">The status of its topic.</param>
    /// <param name="Json">The body.</param>
    public sealed record Reply(int Status, byte[] Json)
    {
        public Reply(int status, string json)
            : this(status, Encoding.UTF8.GetBytes(json))
        {
        }

        /// <summary>In seconds, or nothing.</summary>
        public int? RetryAfter { get; init; }

        /// <summary>Messages that come before it.</summary>
        public IReadOnlyList<RecordedPublish> Before { get; init; } = [];

        /// <summary>Whether the connection is cut in its place.</summary>
        public bool Cuts { get; init; }

        /// <summary>The state of a device that has its hub.</summary>
        public static Reply Assigned(string hub = Hub, string device = Registration, string registration = Registration, string more = "") => new(200, $$"""
            {"operationId":"{{OperationId}}","status":"assigned","registrationState":{"registrationId":"{{registration}}","createdDateTimeUtc":"2026-11-23T02:00:00.5163352Z",
            "assignedHub":"{{hub}}","deviceId":"{{device}}","status":"assigned","substatus":"initialAssignment","lastUpdatedDateTimeUtc":"2026-11-23T02:00:00.7370676Z","etag":"x"{{more}} } }
            """);

        public static Reply Assigning(int? retryAfter) => new(202, $$"""{"operationId":"{{OperationId}}","status":"assigning"}""") { RetryAfter = retryAfter };

        public static Reply Error(int status, int code, string message, int? retryAfter = null) =>
            new(status, $$"""{"errorCode":{{code}},"trackingId":"ada7d102-449e","message":"{{message}}","timestampUtc":"2026-11-23T02:00:00Z"}""") { RetryAfter = retryAfter };

        public static Reply Cut { get; } = new(0, "") { Cuts = true };
    }

    public void Dispose() => Server.Dispose();

    private IEnumerable<RecordedPublish?> Next(RecordedPublish request)
    {
        if (_script.Length == 0)
        {
            yield break;
        }

        Reply reply = _script[int.Min(_requests++, _script.Length - 1)];
        foreach (RecordedPublish before in reply.Before)
        {
            yield return before;
        }

        string id = request.Topic.Split("$rid=")[1].Split('&')[0];
        yield return reply.Cuts ? null : new RecordedPublish($"$dps/registrations/res/{reply.Status}/?$rid={id}{(reply.RetryAfter is { } seconds ? $"&retry-after={seconds}" : "")}", reply.Json);
    }
}
