namespace NeuroDb.Tests.Simulation;

/// <summary>Runs a part of a simulation and turns whatever goes wrong into a text.</summary>
internal static class Attempt
{
    private const int FrameCount = 8;

    /// <summary>What went wrong, or null.</summary>
    public static string? Run(Action action)
    {
        Exception? error = Record.Exception(action);
        if (error is null or SimulationException)
        {
            return error?.Message;
        }

        string code = error is NeuroStoreException typed
            ? typed.Code.ToString()
            : $"untyped {error.GetType().Name}";
        IEnumerable<string> frames =
            (error.StackTrace ?? string.Empty).Split('\n').Take(FrameCount);
        return $"{code}: {error.Message}\n{string.Join('\n', frames)}";
    }
}
