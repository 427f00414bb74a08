using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using Thimble.Cli.Clouds;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary><c>thimble connect</c>: a handshake with any server, and what it took.</summary>
internal static class ConnectCommand
{
    /// <summary>What curl and browsers ask.</summary>
    private const string KeyLogVariable = "SSLKEYLOGFILE";

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(
        HostAndPort Server, string? CaFile, IReadOnlyList<KeyPin> Pins, SharedKeyOption? SharedKey, bool Reconnect, string? CertificateFile, string? KeyFile, string ServerName, string Alpn, DateTimeOffset? Now, TimeSpan Timeout, string? KeyLogFile, string ProfileName, Profile Profile, bool Json);

    private sealed record SharedKeyOption(string Identity, string Hex);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("connect", "Perform a TLS handshake with a server, and show what was negotiated and what memory it took.");
        Argument<HostAndPort> server = HostAndPort.Argument();
        Option<string> caFile = CaFileOption("The certificates to trust, PEM (one or several) or DER. Not needed with --pin or --psk.");
        Option<KeyPin[]> pins = PinOption();
        Option<string> certificate = CertificateOption();
        Option<string> key = KeyOption();
        Option<string> serverName = ServerNameOption();
        Option<string> alpn = AlpnOption();
        var identity = new Option<string>("--psk-identity") { HelpName = "NAME", Description = "The name of the key that is shared with the server." };
        Option<string> sharedKey = SharedKey();
        var reconnect = new Option<bool>("--reconnect") { Description = "Connect a second time with the session of the first, and report that one." };
        Option<DateTimeOffset?> time = TimeOption();
        Option<double?> timeout = TimeoutOption();
        Option<string?> keyLog = KeyLogOption();
        Option<bool> json = PlanCommand.JsonOption();
        command.Arguments.Add(server);
        foreach (Option option in (Option[])[caFile, pins, certificate, key, identity, sharedKey, reconnect, serverName, alpn, time, timeout, keyLog])
        {
            command.Options.Add(option);
        }

        var profile = new ProfileOptions(command, Profiles.General, "Begin with what this cloud needs, and offer its application protocol");
        command.Options.Add(json);
        command.SetAction(result =>
        {
            HostAndPort to = result.GetRequiredValue(server);
            string[] problems = profile.Cloud(result) is { } cloud ? [.. CloudRules.Handshake(cloud, result.GetValue(certificate) is not null, profile.Read(result).Versions)] : [];
            foreach (string problem in problems)
            {
                terminal.Error.WriteLine($"thimble: {problem}");
            }

            return problems.Length > 0 ? ExitCode.Fault : Run(terminal, new Request(
                to, result.GetValue(caFile), result.GetValue(pins) ?? [], result.GetValue(identity) is { } name ? new SharedKeyOption(name, result.GetRequiredValue(sharedKey)) : null, result.GetValue(reconnect), result.GetValue(certificate), result.GetValue(key), result.GetValue(serverName) ?? to.Host, result.GetValue(alpn) ?? profile.Cloud(result)?.AlpnAt(to.Port) ?? "", result.GetValue(time), TimeSpan.FromSeconds(result.GetValue(timeout) ?? UsualTimeoutSeconds), KeyLogFile(result, keyLog), profile.Name(result), profile.Read(result), result.GetValue(json)));
        });
        command.Validators.Add(result =>
        {
            RefuseHalfIdentity(result, certificate, key);
            if (result.GetResult(identity) is null != result.GetResult(sharedKey) is null)
            {
                result.AddError("--psk-identity and --psk belong together: give both or none.");
            }

            if (result.GetResult(identity) is { Tokens: [{ Value: "" }] })
            {
                result.AddError("--psk-identity takes the name under which the server knows the key, and not nothing.");
            }

            if (result.GetResult(pins) is not null && result.GetResult(sharedKey) is not null)
            {
                result.AddError("--psk takes the place of certificates, and --pin is the hash of a certificate's key: give one of them.");
            }

            if (result.GetResult(caFile) is null && result.GetResult(pins) is null && (result.GetResult(sharedKey) is null || result.GetResult(certificate) is not null))
            {
                result.AddError("Give --cafile, the certificates to trust, or --pin, the hash of a key, or a shared key with --psk-identity and --psk in their place.");
            }
        });
        return command;
    }

    /// <summary>How long to wait where nothing was said of it.</summary>
    internal const double UsualTimeoutSeconds = 10;

    internal static Option<string> CaFileOption(string description) => new("--cafile") { HelpName = "FILE", Description = description };

    internal static Option<string> CertificateOption() => new("--cert") { HelpName = "FILE", Description = "The client's certificate, and those above it, PEM or DER." };

    internal static Option<string> KeyOption() => new("--key") { HelpName = "FILE", Description = "The client's private key: PKCS#8, PKCS#1 or SEC 1, PEM or DER." };

    internal static Option<string> ServerNameOption() => new("--servername") { HelpName = "NAME", Description = "The name that the server's certificate must carry. The default is HOST." };

    internal static Option<string> AlpnOption() => new("--alpn") { HelpName = "NAME", Description = "The application protocol to offer, such as mqtt or x-amzn-mqtt-ca." };

    internal static void RefuseHalfIdentity(CommandResult result, Option certificate, Option key)
    {
        if (result.GetResult(certificate) is null != result.GetResult(key) is null)
        {
            result.AddError("--cert and --key belong together: give both or none.");
        }
    }

    private static int Run(Terminal terminal, Request request)
    {
        if (request.KeyLogFile is { } keyLog)
        {
            terminal.Error.WriteLine($"Warning: this connection's keys go to '{keyLog}'. Whoever has them can read all that it carries.");
        }

        try
        {
            using Credentials credentials = ReadCredentials(request);
            using PreSharedKey? sharedKey = request.SharedKey is { } shared ? PreSharedKey.FromHex(shared.Identity, shared.Hex) : null;
            using var sessions = new SessionCache();
            var options = new TlsConnectionOptions
            {
                Credentials = credentials,
                Profile = Fit(credentials.Fit(request.Profile), request),
                ServerName = request.ServerName,
                Alpn = request.Alpn,
                PreSharedKey = sharedKey,
                Sessions = sessions,
                Now = request.Now,
                Timeout = request.Timeout,
                KeyLogFile = request.KeyLogFile,
                Audit = true,
            };
            if (request.Reconnect)
            {
                ConnectOnce(request, options);
            }

            using NetworkStream transport = TcpTransport.Connect(request.Server.Host, request.Server.Port, request.Timeout);
            using var connection = new TlsConnection(options, transport);
            return Handshake(terminal, request, options, connection);
        }
        catch (ThimbleException e)
        {
            return Explain(terminal, request.Json, new RunReport(false, null, null, null, ReportMaker.Fault(e)), null);
        }
    }

    private static Credentials ReadCredentials(Request request)
    {
        if (request.Pins.Count == 0)
        {
            return request.CaFile is null ? Credentials.OfSharedKey() : Credentials.Load(request.CaFile, request.CertificateFile, request.KeyFile);
        }

        IEnumerable<string> pins = request.Pins.Select(static pin => pin.Text);
        ClientIdentity? client = request is { CertificateFile: { } certificate, KeyFile: { } key } ? ClientIdentity.FromFiles(certificate, key) : null;
        return Credentials.From(request.CaFile is { } file ? Trust.FromFile(file).WithPins(pins) : Trust.OfPins(pins), client);
    }

    /// <summary>A connection for the sake of its session. Servers of TLS 1.3 give it behind the handshake, so it is closed in good order.</summary>
    private static void ConnectOnce(Request request, TlsConnectionOptions options)
    {
        using NetworkStream transport = TcpTransport.Connect(request.Server.Host, request.Server.Port, request.Timeout);
        using var connection = new TlsConnection(options, transport);
        connection.Handshake();
        connection.Close();
    }

    private static int Handshake(Terminal terminal, Request request, TlsConnectionOptions options, TlsConnection connection)
    {
        FaultReport? fault = null;
        long gcAllocatedBytes = 0;
        try
        {
            connection.Handshake();
            gcAllocatedBytes = connection.GcAllocatedBytes;
            connection.Close();
        }
        catch (ThimbleException e)
        {
            gcAllocatedBytes = connection.GcAllocatedBytes;
            fault = ReportMaker.Fault(e);
        }

        MemoryMap map = connection.MemoryMap;
        TlsReport tls = ReportMaker.Tls(request.Server.ToString(), options, connection);
        var report = new RunReport(fault is null, tls, null, ReportMaker.Memory(request.ProfileName, map, gcAllocatedBytes), fault);
        if (fault is not null)
        {
            return Explain(terminal, request.Json, report, map);
        }

        if (request.Json)
        {
            terminal.WriteJson(report, ReportJson.Readable.RunReport);
            return ExitCode.Good;
        }

        Summary.Tls(terminal.Console, tls);
        Summary.Memory(terminal.Console, report.Memory!, map);
        return ExitCode.Good;
    }

    /// <summary>The longest ticket where nothing was said of it: OpenSSL puts the client's certificate in.</summary>
    private const int UsualTicketBytes = 2048;

    /// <summary>A name on the command line is as long as it is; a device would plan for its own.</summary>
    internal static Profile FitNames(in Profile profile, string serverName, string alpn) => profile with
    {
        MaxServerNameBytes = Math.Max(profile.MaxServerNameBytes, Math.Min(serverName.Length, 253)),
        MaxAlpnBytes = Math.Max(profile.MaxAlpnBytes, Math.Min(alpn.Length, 255)),
    };

    private static Profile Fit(Profile profile, Request request) => WithSharedKeySuites(FitNames(profile, request.ServerName, request.Alpn) with
    {
        MaxTicketBytes = request.Reconnect && profile.MaxTicketBytes == 0 ? UsualTicketBytes : profile.MaxTicketBytes,
        PskModes = request.SharedKey is not null && profile.PskModes == PskModes.None ? PskModes.PskWithDhe : profile.PskModes,
        MaxPskIdentityBytes = Math.Max(profile.MaxPskIdentityBytes, Encoding.UTF8.GetByteCount(request.SharedKey?.Identity ?? "")),
    }, request.SharedKey is not null);

    /// <summary>TLS 1.2 has suites of their own for shared keys: the usual ones go with a key where none was named.</summary>
    internal static Profile WithSharedKeySuites(Profile profile, bool hasKey)
    {
        const CipherSuites Alone = CipherSuites.PskAes128GcmSha256 | CipherSuites.PskChaCha20Poly1305Sha256;
        const CipherSuites Agreed = CipherSuites.EcdhePskAes128GcmSha256 | CipherSuites.EcdhePskChaCha20Poly1305Sha256;
        bool named = (profile.Suites & (SuiteSets.Psk | SuiteSets.EcdhePsk)) != 0;
        if (!hasKey || named || !profile.Offers(TlsVersions.Tls12))
        {
            return profile;
        }

        CipherSuites more = ((profile.PskModes & PskModes.Psk) != 0 ? Alone : 0) | ((profile.PskModes & PskModes.PskWithDhe) != 0 ? Agreed : 0);
        return profile with { Suites = profile.Suites | more };
    }

    private static int Explain(Terminal terminal, bool json, RunReport report, MemoryMap? map)
    {
        if (json)
        {
            terminal.WriteJson(report, ReportJson.Readable.RunReport);
        }
        else
        {
            Summary.Fault(terminal, report, map);
        }

        return ExitCode.Fault;
    }

    private static Option<string> SharedKey()
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

    private static Option<string?> KeyLogOption() => new("--keylog")
    {
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"Append the connection's keys to this file, for Wireshark. Without FILE, to the one that {KeyLogVariable} names.",
    };

    /// <summary>The variable alone logs nothing: whoever sets it for a browser need not mean this connection.</summary>
    private static string? KeyLogFile(ParseResult result, Option<string?> option)
    {
        if (result.GetResult(option) is null)
        {
            return null;
        }

        string? file = result.GetValue(option) ?? Environment.GetEnvironmentVariable(KeyLogVariable);
        return string.IsNullOrEmpty(file) ? throw new UsageException($"--keylog needs a file: name one behind it, or in {KeyLogVariable}.") : file;
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

    internal static Option<double?> TimeoutOption() => new("--timeout")
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
