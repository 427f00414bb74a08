using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Subscriptions: one SUBSCRIBE or UNSUBSCRIBE is on its way at a time, the others wait in their order.</summary>
public sealed partial class MqttClient
{
    private readonly LinkedList<FilterRequest> _requests = new();
    private readonly Dictionary<string, MqttSubscription> _subscriptions = new(StringComparer.Ordinal);
    private FilterRequest? _request;

    private async Task<MqttSubscribeResult> SubscribeCore(MqttSubscription[] subscriptions, IReadOnlyList<MqttUserProperty> userProperties, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (subscriptions.Length == 0 || subscriptions.Any(subscription => subscription is null))
        {
            throw new ArgumentException("Name a topic filter, or more.", nameof(subscriptions));
        }

        uint identifier = subscriptions[0].Identifier;
        if (subscriptions.Any(subscription => subscription.Identifier != identifier))
        {
            throw new ArgumentException("One SUBSCRIBE has one subscription identifier: use several calls.", nameof(subscriptions));
        }

        if (_options.Version == MqttVersion.V311 && (userProperties.Count != 0 || subscriptions.Any(OnlyVersion5)))
        {
            throw MqttExplanations.Invalid("A subscription with options");
        }

        var request = new FilterRequest(MqttEncoding.Filters(subscriptions), MqttEncoding.Subscribe(identifier, userProperties), subscriptions, []);
        return new MqttSubscribeResult(subscriptions, await AskAsync(request, cancellationToken).ConfigureAwait(false));
    }

    private async Task<MqttUnsubscribeResult> UnsubscribeCore(string[] filters, IReadOnlyList<MqttUserProperty> userProperties, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (filters.Length == 0)
        {
            throw new ArgumentException("Name a topic filter, or more.", nameof(filters));
        }

        if (_options.Version == MqttVersion.V311 && userProperties.Count != 0)
        {
            throw MqttExplanations.Invalid("UNSUBSCRIBE with user properties");
        }

        var request = new FilterRequest(MqttEncoding.Filters(filters), MqttEncoding.User(userProperties), [], filters);
        return new MqttUnsubscribeResult(filters, await AskAsync(request, cancellationToken).ConfigureAwait(false));
    }

    private static bool OnlyVersion5(MqttSubscription subscription) => subscription.NoLocal || subscription.RetainAsPublished
        || subscription.RetainHandling != MqttRetainHandling.Send || subscription.Identifier != 0;

    private Task<IReadOnlyList<MqttReasonCode>> AskAsync(FilterRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_disposing is not null || _state is MqttConnectionState.Disconnected or MqttConnectionState.Disposed)
            {
                throw _disposing is null ? MqttExplanations.NotConnected() : MqttExplanations.Closed("subscribing");
            }

            _requests.AddLast(request);
            Pump();
        }

        return request.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes the next request. False where it must wait. Holds the lock.</summary>
    private bool Request(MqttLink link, MqttSession session)
    {
        FilterRequest request = _requests.First!.Value;
        if (request.Filters.Length + request.Properties.Length + PacketOverheadBytes > link.Room.Length)
        {
            return false;
        }

        MqttStatus status = request.Unsubscribed.Count == 0
            ? session.Subscribe(request.Filters, request.Properties, link.Room, out int written)
            : session.Unsubscribe(request.Filters, request.Properties, link.Room, out written);
        link.Add(written);
        switch (status)
        {
            case MqttStatus.Complete:
                _requests.RemoveFirst();
                _request = request;
                return true;
            case MqttStatus.InvalidArgument or MqttStatus.PacketTooLarge or MqttStatus.NotAvailable:
                _requests.RemoveFirst();
                request.Answer.TrySetException(status == MqttStatus.InvalidArgument ? MqttExplanations.Invalid("A subscription") : MqttExplanations.BeyondLimit(status, session.Limits));
                return true;
            default:
                return false;
        }
    }

    /// <summary>The broker has answered the request. Holds the lock.</summary>
    private void OnAnswered(MqttReasonCode reason)
    {
        if (_request is not { } request)
        {
            return;
        }

        _request = null;
        while (request.Reasons.Count < request.Subscriptions.Count + request.Unsubscribed.Count)
        {
            request.Reasons.Add(reason); // MQTT 3.1.1 answers UNSUBSCRIBE with nothing but an UNSUBACK
        }

        for (int i = 0; i < request.Subscriptions.Count; i++)
        {
            if (request.Reasons[i] < MqttReasonCode.UnspecifiedError)
            {
                _subscriptions[request.Subscriptions[i].Filter] = request.Subscriptions[i];
            }
        }

        foreach (string filter in request.Unsubscribed)
        {
            _subscriptions.Remove(filter);
        }

        request.Answer.TrySetResult(request.Reasons);
    }

    /// <summary>The connection has ended: the request goes out again over the next one. Holds the lock.</summary>
    private void TakeBackRequest()
    {
        if (_request is { } request)
        {
            _request = null;
            request.Reasons.Clear();
            _requests.AddFirst(request);
        }
    }

    /// <summary>The broker knows of no subscription: asks for all again that it had granted, before anything else. Holds the lock.</summary>
    private void Resubscribe()
    {
        const int FiltersAtOnce = 32;
        LinkedListNode<FilterRequest>? last = null;
        foreach (IGrouping<uint, MqttSubscription> group in _subscriptions.Values.GroupBy(subscription => subscription.Identifier))
        {
            foreach (MqttSubscription[] some in group.Chunk(FiltersAtOnce))
            {
                foreach (MqttSubscription[] few in Fitting(some))
                {
                    var request = new FilterRequest(MqttEncoding.Filters(few), MqttEncoding.Subscribe(group.Key, []), few, []);
                    last = last is null ? _requests.AddFirst(request) : _requests.AddAfter(last, request);
                }
            }
        }
    }

    /// <summary>Long filters go alone.</summary>
    private static IEnumerable<MqttSubscription[]> Fitting(MqttSubscription[] some)
    {
        const int ShortCharacters = 256;
        MqttSubscription[] brief = [.. some.Where(subscription => subscription.Filter.Length <= ShortCharacters)];
        IEnumerable<MqttSubscription[]> others = some.Where(subscription => subscription.Filter.Length > ShortCharacters).Select(subscription => new[] { subscription });
        return brief.Length == 0 ? others : others.Prepend(brief);
    }

    private void FailRequests(Exception cause)
    {
        TakeBackRequest();
        foreach (FilterRequest request in _requests)
        {
            request.Answer.TrySetException(cause);
        }

        _requests.Clear();
    }
}
