namespace NeuroDb.Cli;

/// <summary>What the command line says about the keys of an encrypted database.</summary>
/// <param name="AsksPassword">Whether the password is asked for.</param>
/// <param name="KeyFile">The file with the key, if one is named.</param>
/// <param name="AsksNewPassword">Whether a new password is asked for and set.</param>
/// <param name="NewKeyFile">The file with the key to set, if one is named.</param>
internal sealed record KeyOptions(
    bool AsksPassword, string? KeyFile, bool AsksNewPassword, string? NewKeyFile)
{
    /// <summary>Whether the key is to be changed.</summary>
    public bool IsRekey => AsksNewPassword || NewKeyFile is not null;

    /// <summary>The key to open with; null for a plain database.</summary>
    public EncryptionKey? ReadKey() => Read(AsksPassword, KeyFile, "Password: ");

    /// <summary>The key to set.</summary>
    public EncryptionKey? ReadNewKey() => Read(AsksNewPassword, NewKeyFile, "New password: ");

    private static EncryptionKey? Read(bool asks, string? file, string prompt) =>
        (asks, file) switch
        {
            (true, not null) => throw new ArgumentException(
                "Give either a key file or a password, not both."),
            (true, null) => KeyInput.Ask(prompt),
            (false, not null) => KeyInput.FromFile(file),
            _ => null,
        };
}
