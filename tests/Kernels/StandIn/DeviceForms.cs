namespace NeuroDb.Tests.Kernels;

/// <summary>
/// The devices of this build: the stand-in with several shapes of group and warp.
/// </summary>
internal static class DeviceForms
{
    /// <summary>The devices by name.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["1 group of 4, warp 4", "2 groups of 16, warp 8", "3 groups of 32, warp 32"];

    /// <summary>Opens a device.</summary>
    public static IDeviceForm Open(string name)
    {
        int[] numbers =
        [
            .. name.Split(' ', ',').Where(word => int.TryParse(word, out _)).Select(int.Parse),
        ];
        return new StandInDevice(numbers[0], numbers[1], numbers[2]);
    }
}
