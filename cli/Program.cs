using System.Text;

namespace NeuroDb.Cli;

/// <summary>The neurostore shell: a prompt, or statements given to it.</summary>
internal static class Program
{
    /// <summary>The entry point; 0 on success, 1 when a statement or the opening fails.</summary>
    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        return CommandLine.Build().Parse(arguments).Invoke();
    }
}
