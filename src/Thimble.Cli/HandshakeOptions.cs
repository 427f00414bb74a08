using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;

namespace Thimble.Cli;

/// <summary>The options of commands that perform a handshake: with whom, whom to trust, who we are, and how long to wait.</summary>
internal sealed class HandshakeOptions
{
    /// <summary>How long to wait where nothing was said of it.</summary>
    private const double UsualTimeoutSeconds = 10;

    private readonly Argument<HostAndPort> _server = HostAndPort.Argument();
    private readonly Option<string> _caFile = CaFileOption("The certificates to trust, PEM (one or several) or DER. Not needed with --pin or --psk.");
    private readonly Option<KeyPin[]> _pins = PinOption();
    private readonly Option<string> _certificate = CertificateOption();
    private readonly Option<string> _key = KeyOption();
    private readonly Option<string> _identity = new("--psk-identity") { HelpName = "NAME", Description = "The name of the key that is shared with the server." };
    private readonly Option<string> _sharedKey = SharedKeyOption();
    private readonly Option<bool> _reconnect;
    private readonly Option<string> _serverName = new("--servername") { HelpName = "NAME", Description = "The name that the server's certificate must carry. The default is HOST." };
    private readonly Option<string> _alpn = new("--alpn") { HelpName = "NAME", Description = "The application protocol to offer, such as mqtt or x-amzn-mqtt-ca." };
    private readonly Option<DateTimeOffset?> _time = TimeOption();
    private readonly Option<double?> _timeout = TimeoutOption();

    /// <param name="command">The command that gets the argument and the options.</param>
    /// <param name="reconnect">What <c>--reconnect</c> does there.</param>
    public HandshakeOptions(Command command, string reconnect)
    {
        _reconnect = new Option<bool>("--reconnect") { Description = reconnect };
        command.Arguments.Add(_server);
        foreach (Option option in (Option[])[_caFile, _pins, _certificate, _key, _identity, _sharedKey, _reconnect, _serverName, _alpn, _time, _timeout])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(Refuse);
    }

    /// <summary>What was asked for.</summary>
    public HandshakeRequest Read(ParseResult result, ProfileOptions profile)
    {
        HostAndPort to = result.GetRequiredValue(_server);
        return new HandshakeRequest(
            to,
            result.GetValue(_caFile),
            result.GetValue(_pins) ?? [],
            result.GetValue(_identity) is { } name ? (name, result.GetRequiredValue(_sharedKey)) : null,
            result.GetValue(_reconnect),
            result.GetValue(_certificate),
            result.GetValue(_key),
            result.GetValue(_serverName) ?? to.Host,
            result.GetValue(_alpn) ?? profile.Cloud(result)?.AlpnAt(to.Port) ?? "",
            result.GetValue(_time),
            TimeSpan.FromSeconds(result.GetValue(_timeout) ?? UsualTimeoutSeconds),
            profile.Name(result),
            profile.Read(result));
    }

    internal static Option<string> CaFileOption(string description) => new("--cafile") { HelpName = "FILE", Description = description };

    internal static Option<string> CertificateOption() => new("--cert") { HelpName = "FILE", Description = "The client's certificate, and those above it, PEM or DER." };

    internal static Option<string> KeyOption() => new("--key") { HelpName = "FILE", Description = "The client's private key: PKCS#8, PKCS#1 or SEC 1, PEM or DER." };

    private void Refuse(CommandResult result)
    {
        if (result.GetResult(_certificate) is null != result.GetResult(_key) is null)
        {
            result.AddError("--cert and --key belong together: give both or none.");
        }

        if (result.GetResult(_identity) is null != result.GetResult(_sharedKey) is null)
        {
            result.AddError("--psk-identity and --psk belong together: give both or none.");
        }

        if (result.GetResult(_identity) is { Tokens: [{ Value: "" }] })
        {
            result.AddError("--psk-identity takes the name under which the server knows the key, and not nothing.");
        }

        if (result.GetResult(_pins) is not null && result.GetResult(_sharedKey) is not null)
        {
            result.AddError("--psk takes the place of certificates, and --pin is the hash of a certificate's key: give one of them.");
        }

        if (result.GetResult(_caFile) is null && result.GetResult(_pins) is null && (result.GetResult(_sharedKey) is null || result.GetResult(_certificate) is not null))
        {
            result.AddError("Give --cafile, the certificates to trust, or --pin, the hash of a key, or a shared key with --psk-identity and --psk in their place.");
        }
    }

    private static Option<string> SharedKeyOption()
    {
        var option = new Option<string>("--psk") { HelpName = "HEX", Description = "That key, in hexadecimal digits, of 16 to 64 bytes." };
        option.Validators.Add(static result =>
        {
            string text = result.Tokens[0].Value;
            if (text.Length is < 32 or > 128 || (text.Length & 1) != 0 || !text.All(char.IsAsciiHexDigit))
            {
                result.AddError("--psk takes 32 to 128 hexadecimal digits, two for each byte.");
            }
        });
        return option;
    }

    internal static Option<DateTimeOffset?> TimeOption() => new("--time")
    {
        HelpName = "TIME",
        Description = "Judge certificates as of this time, in Unix seconds or as 2026-01-31T12:00:00Z, and not by this machine's clock.",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                return DateTimeOffset.FromUnixTimeSeconds(seconds);
            }

            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            {
                return time;
            }

            result.AddError($"--time takes Unix seconds or a time such as 2026-01-31T12:00:00Z, and not '{text}'.");
            return null;
        },
    };

    private static Option<double?> TimeoutOption() => new("--timeout")
    {
        HelpName = "SECONDS",
        Description = "How long to wait for the server. The default is 10.",
        CustomParser = static result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 3600)
            {
                return seconds;
            }

            result.AddError($"--timeout takes seconds, more than 0 and at most 3600, and not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private static Option<KeyPin[]> PinOption() => new("--pin")
    {
        HelpName = "PIN",
        Description = "The hash of a key: sha256/ and base64. Alone it is what is trusted; beside --cafile it narrows that. May be repeated.",
        CustomParser = static result =>
        {
            List<KeyPin> pins = [];
            foreach (Token token in result.Tokens)
            {
                try
                {
                    pins.Add(KeyPin.Parse(token.Value));
                }
                catch (FormatException e)
                {
                    result.AddError(e.Message);
                }
            }

            return [.. pins];
        },
    };
}
