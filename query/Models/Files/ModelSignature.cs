using System.Security.Cryptography;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Signatures of files of models: ECDSA over SHA-256, written beside the file as
/// <c>openssl dgst -sha256 -sign</c> writes it, so that others sign and check without us.
/// </summary>
internal static class ModelSignature
{
    /// <summary>What the name of a signature has behind that of its file.</summary>
    public const string Suffix = ".sig";

    private const int FileBytesMax = 1 << 16;
    private const DSASignatureFormat Form = DSASignatureFormat.Rfc3279DerSequence;

    /// <summary>The signature of bytes by the private key of a PEM file.</summary>
    public static byte[] Sign(byte[] bytes, string keyPath, CopyFiles files)
    {
        using ECDsa key = ReadKey(keyPath, files);
        try
        {
            return key.SignData(bytes, HashAlgorithmName.SHA256, Form);
        }
        catch (CryptographicException error)
        {
            throw Wrong($"{keyPath} holds no private key: {error.Message}", error);
        }
    }

    /// <summary>
    /// Checks the signature beside a file by the public key of a PEM file, and names the key: the
    /// SHA-256 of its SubjectPublicKeyInfo.
    /// </summary>
    public static string Verify(byte[] bytes, string path, string keyPath, CopyFiles files)
    {
        byte[] signature = files.ReadAll(path + Suffix, FileBytesMax);
        using ECDsa key = ReadKey(keyPath, files);
        if (!key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, Form))
        {
            throw Wrong(
                $"The signature {path}{Suffix} is not that of {path} by {keyPath}: the file was "
                + "changed, or another key signed it",
                null);
        }

        return "ecdsa sha256:" + Convert.ToHexStringLower(
            SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }

    private static ECDsa ReadKey(string path, CopyFiles files)
    {
        string text = Encoding.UTF8.GetString(files.ReadAll(path, FileBytesMax));
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return key;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw Wrong($"{path} is no PEM file with an ECDSA key: {error.Message}", error);
        }
    }

    private static NeuroStoreException Wrong(string what, Exception? inner) =>
        new(ErrorCode.MalformedModel, what.TrimEnd('.') + ".", default, inner);
}
