using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Data;

/// <summary>
/// The connection string of a database, such as
/// <c>Data Source=shop.neuro;Durability=Full;Command Timeout=30</c>.
/// </summary>
public sealed class NeuroConnectionStringBuilder : DbConnectionStringBuilder
{
    private const string DataSourceKey = "Data Source";
    private const string DurabilityKey = "Durability";
    private const string AcceleratorKey = "Accelerator";
    private const string ThreadsKey = "Threads";
    private const string CommandTimeoutKey = "Command Timeout";
    private const string PasswordKey = "Password";
    private const string MemoryBudgetKey = "Memory Budget";

    /// <summary>Makes an empty connection string.</summary>
    public NeuroConnectionStringBuilder()
    {
    }

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="ArgumentException">A key or value in it is unknown.</exception>
    public NeuroConnectionStringBuilder(string? connectionString) =>
        ConnectionString = connectionString;

    /// <summary>The directory, or :memory: for a database of this connection alone.</summary>
    [AllowNull]
    public string DataSource
    {
        get => GetText(DataSourceKey);
        set => base[DataSourceKey] = value;
    }

    /// <summary>What a returned commit promises; Full by default.</summary>
    public Durability Durability
    {
        get => GetMember(DurabilityKey, Durability.Full);
        set => base[DurabilityKey] = value.ToString();
    }

    /// <summary>Where similarity scans and networks compute; Auto by default.</summary>
    public AcceleratorChoice Accelerator
    {
        get => GetMember(AcceleratorKey, AcceleratorChoice.Auto);
        set => base[AcceleratorKey] = value.ToString();
    }

    /// <summary>The threads of one statement; 0, the default, is one each processor.</summary>
    public int Threads
    {
        get => GetNumber(ThreadsKey);
        set => base[ThreadsKey] = Text(value);
    }

    /// <summary>
    /// The bytes of memory that the database may hold; 0, the default, is half of what the process
    /// may use.
    /// </summary>
    public long MemoryBudget
    {
        get => base.TryGetValue(MemoryBudgetKey, out object? value)
            ? long.Parse((string)value, CultureInfo.InvariantCulture)
            : 0;
        set => this[MemoryBudgetKey] = value;
    }

    /// <summary>The seconds that a command may take; 0, the default, is without limit.</summary>
    public int CommandTimeout
    {
        get => GetNumber(CommandTimeoutKey);
        set => base[CommandTimeoutKey] = Text(value);
    }

    /// <summary>
    /// The password of an encrypted database; empty for one that is not. An open connection does
    /// not show it any more.
    /// </summary>
    [AllowNull]
    public string Password
    {
        get => GetText(PasswordKey);
        set => base[PasswordKey] = value;
    }

    /// <summary>A value by its key or one of the key's other names.</summary>
    [AllowNull]
    public override object this[string keyword]
    {
        get => base[Canonical(keyword)];
        set
        {
            string key = Canonical(keyword);
            base[key] = value is null ? null! : Check(key, value);
        }
    }

    /// <inheritdoc/>
    public override bool ContainsKey(string keyword) =>
        TryCanonical(keyword, out string? key) && base.ContainsKey(key);

    /// <inheritdoc/>
    public override bool Remove(string keyword) =>
        TryCanonical(keyword, out string? key) && base.Remove(key);

    /// <inheritdoc/>
    public override bool TryGetValue(string keyword, [NotNullWhen(true)] out object? value)
    {
        value = null;
        return TryCanonical(keyword, out string? key) && base.TryGetValue(key, out value);
    }

    /// <summary>Opens the database in the way that the string says, or joins it.</summary>
    internal SharedEngine Open()
    {
        using EncryptionKey? key =
            Password.Length == 0 ? null : EncryptionKey.FromPassword(Password);
        var options = new NeuroStoreOptions
        {
            Durability = Durability,
            Accelerator = Accelerator,
            ThreadCount = Threads,
            EncryptionKey = key,
        };
        if (MemoryBudget > 0)
        {
            options = options with { MemoryBudgetBytes = MemoryBudget };
        }

        return DataSource == NeuroDataSource.InMemoryPath
            ? SharedEngine.OpenInMemory(options)
            : SharedEngine.Open(DataSource, options, mayJoin: true);
    }

    /// <summary>The string as it may be shown.</summary>
    /// <param name="connectionString">The string that these settings were read from.</param>
    internal string WithoutPassword(string connectionString)
    {
        if (Password.Length == 0)
        {
            return connectionString;
        }

        var shown = new NeuroConnectionStringBuilder(connectionString);
        shown.Remove(PasswordKey);
        return shown.ConnectionString;
    }

    private static bool TryCanonical(string keyword, [NotNullWhen(true)] out string? key)
    {
        ArgumentNullException.ThrowIfNull(keyword);
        key = keyword.Trim().ToUpperInvariant() switch
        {
            "DATA SOURCE" or "DATASOURCE" or "FILENAME" or "PATH" => DataSourceKey,
            "DURABILITY" => DurabilityKey,
            "ACCELERATOR" or "DEVICE" => AcceleratorKey,
            "THREADS" => ThreadsKey,
            "PASSWORD" or "PWD" => PasswordKey,
            "MEMORY BUDGET" or "MEMORYBUDGET" => MemoryBudgetKey,
            "COMMAND TIMEOUT" or "DEFAULT TIMEOUT" => CommandTimeoutKey,
            _ => null,
        };
        return key is not null;
    }

    private static string Canonical(string keyword) => TryCanonical(keyword, out string? key)
        ? key
        : throw new ArgumentException(
            $"The connection string key {keyword} is unknown; use Data Source, Durability, "
            + "Accelerator, Threads, Memory Budget, Password or Command Timeout.",
            nameof(keyword));

    private static string Check(string key, object value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
        bool isValid = key switch
        {
            DurabilityKey => TryMember<Durability>(text, out _),
            AcceleratorKey => TryMember<AcceleratorChoice>(text, out _),
            ThreadsKey or CommandTimeoutKey =>
                int.TryParse(text, CultureInfo.InvariantCulture, out int number) && number >= 0,
            MemoryBudgetKey =>
                long.TryParse(text, CultureInfo.InvariantCulture, out long bytes)
                && (bytes == 0 || bytes >= StorageOptions.MemoryBudgetBytesMin),
            _ => true,
        };
        return isValid ? text : throw new ArgumentException(
            $"The connection string value {key}={text} is not valid.", nameof(value));
    }

    private static bool TryMember<T>(string text, out T member)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out member) && Enum.IsDefined(member)
        && !char.IsAsciiDigit(text[0]);

    private static string Text(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value.ToString(CultureInfo.InvariantCulture);
    }

    private string GetText(string key) =>
        base.TryGetValue(key, out object? value) ? (string)value : string.Empty;

    private int GetNumber(string key) => base.TryGetValue(key, out object? value)
        ? int.Parse((string)value, CultureInfo.InvariantCulture)
        : 0;

    private T GetMember<T>(string key, T fallback)
        where T : struct, Enum =>
        base.TryGetValue(key, out object? value) && TryMember((string)value, out T member)
            ? member
            : fallback;
}
