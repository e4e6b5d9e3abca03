using System.Text;

namespace NeuroDb.Cli;

/// <summary>Reads keys and passwords; a password is never shown nor taken as an argument.</summary>
internal static class KeyInput
{
    /// <summary>
    /// A key from a file: 32 bytes as they are, or 64 hexadecimal digits with blanks around them.
    /// </summary>
    public static EncryptionKey FromFile(string path)
    {
        byte[] content = File.ReadAllBytes(path);
        try
        {
            if (content.Length == EncryptionKey.SizeBytes)
            {
                return EncryptionKey.FromBytes(content);
            }

            string text = Encoding.ASCII.GetString(content).Trim();
            bool isHex = text.Length == 2 * EncryptionKey.SizeBytes
                && text.All(char.IsAsciiHexDigit);
            return isHex
                ? EncryptionKey.FromBytes(Convert.FromHexString(text))
                : throw new ArgumentException(
                    $"{path} is no key file: it must hold {EncryptionKey.SizeBytes} bytes or "
                    + $"{2 * EncryptionKey.SizeBytes} hexadecimal digits.");
        }
        finally
        {
            Array.Clear(content);
        }
    }

    /// <summary>
    /// A password from the terminal, or the first line where the input is redirected.
    /// </summary>
    public static EncryptionKey Ask(string prompt)
    {
        if (Console.IsInputRedirected)
        {
            return EncryptionKey.FromPassword(Console.In.ReadLine());
        }

        Console.Error.Write(prompt);
        var typed = new List<char>();
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter)
                {
                    return EncryptionKey.FromPassword(typed.ToArray());
                }

                if (key.Key == ConsoleKey.Backspace && typed.Count > 0)
                {
                    typed.RemoveAt(typed.Count - 1);
                }
                else if (!char.IsControl(key.KeyChar))
                {
                    typed.Add(key.KeyChar);
                }
            }
        }
        finally
        {
            Console.Error.WriteLine();
        }
    }
}
