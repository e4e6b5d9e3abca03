using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// The functions of ONNX Runtime's C interface that are used here, by their places in its table,
/// to which newer versions only append (onnxruntime_c_api.h). Owns the environment of the process:
/// no telemetry, nothing printed, and an allocator that gives out no more than
/// <see cref="MemoryBytesMax"/> to all networks together.
/// </summary>
internal sealed unsafe class OnnxRuntimeApi
{
    /// <summary>The most memory of all networks together.</summary>
    public const long MemoryBytesMax = 3L << 30;

    private const uint TableVersion = 16;
    private const int Fatal = 4;
    private const int DefaultMemory = 0;
    private const int ArenaAllocator = 1;
    private const int OptimizeAll = 99;
    private readonly nint* _table;
    private readonly nint _environment;

    /// <summary>The table behind the entry point of a library.</summary>
    public OnnxRuntimeApi(nint entry)
    {
        var start = (nint*)((delegate* unmanaged<nint>)entry)();
        Version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)start[1])()) ?? "";
        _table = (nint*)((delegate* unmanaged<uint, nint>)start[0])(TableVersion);
        if (_table == null)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The library of ONNX Runtime is of version {Version}; 1.{TableVersion} or newer "
                + "is needed.");
        }

        nint environment;
        nint memory;
        nint arena;
        fixed (byte* name = "neurostore\0"u8)
        {
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)_table[Call.CreateEnvironment])(
                Fatal, name, &environment));
        }

        _environment = environment;
        Check(((delegate* unmanaged<nint, nint>)_table[Call.DisableTelemetry])(environment));
        Check(((delegate* unmanaged<int, int, nint*, nint>)_table[Call.CreateCpuMemory])(
            ArenaAllocator, DefaultMemory, &memory));
        CpuMemory = memory;
        Check(((delegate* unmanaged<nuint, int, int, int, nint*, nint>)
            _table[Call.CreateArena])((nuint)MemoryBytesMax, -1, -1, -1, &arena));
        Check(((delegate* unmanaged<nint, nint, nint, nint>)_table[Call.RegisterAllocator])(
            environment, memory, arena));
        ((delegate* unmanaged<nint, void>)_table[Call.ReleaseArena])(arena);
    }

    /// <summary>The version of the library.</summary>
    public string Version { get; }

    /// <summary>The description of ordinary memory.</summary>
    public nint CpuMemory { get; }

    /// <summary>Loads a network.</summary>
    /// <param name="file">The ONNX file, which was checked.</param>
    /// <param name="threads">Threads of one run; those of callers come on top.</param>
    public nint CreateSession(ReadOnlySpan<byte> file, int threads)
    {
        nint options;
        nint session;
        Check(((delegate* unmanaged<nint*, nint>)_table[Call.CreateOptions])(&options));
        try
        {
            Check(((delegate* unmanaged<nint, int, nint>)_table[Call.SetOptimization])(
                options, OptimizeAll));
            Check(((delegate* unmanaged<nint, int, nint>)_table[Call.SetThreads])(
                options, threads));
            Check(((delegate* unmanaged<nint, int, nint>)_table[Call.SetOuterThreads])(
                options, 1));
            Configure(options, "session.use_env_allocators\0"u8);
            fixed (byte* bytes = file)
            {
                Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)
                    _table[Call.CreateSession])(
                        _environment, bytes, (nuint)file.Length, options, &session));
            }
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)_table[Call.ReleaseOptions])(options);
        }

        return session;
    }

    /// <summary>Frees a network.</summary>
    public void ReleaseSession(nint session) =>
        ((delegate* unmanaged<nint, void>)_table[Call.ReleaseSession])(session);

    /// <summary>A tensor over memory of ours, which stays in its place meanwhile.</summary>
    public nint CreateTensor(
        void* data, long bytes, ReadOnlySpan<long> shape, OnnxElement element)
    {
        nint value;
        fixed (long* sizes = shape)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)
                _table[Call.CreateTensor])(
                    CpuMemory, data, (nuint)bytes, sizes, (nuint)shape.Length, (int)element,
                    &value));
        }

        return value;
    }

    /// <summary>Runs a network of one input and one output; the output is to be released.</summary>
    public nint Run(nint session, nint options, string input, nint value, string output)
    {
        byte[] inputName = Encoding.UTF8.GetBytes(input + '\0');
        byte[] outputName = Encoding.UTF8.GetBytes(output + '\0');
        nint result = 0;
        fixed (byte* first = inputName, second = outputName)
        {
            byte* inputs = first;
            byte* outputs = second;
            Check(((delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*,
                nint>)_table[Call.Run])(
                    session, options, &inputs, &value, 1, &outputs, 1, &result));
        }

        return result;
    }

    /// <summary>Options of runs, by which they can be ended.</summary>
    public nint CreateRunOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)_table[Call.CreateRunOptions])(&options));
        return options;
    }

    /// <summary>Ends the runs with these options, between two operators.</summary>
    public void EndRuns(nint options) =>
        Check(((delegate* unmanaged<nint, nint>)_table[Call.EndRuns])(options));

    /// <summary>Frees options of runs.</summary>
    public void ReleaseRunOptions(nint options) =>
        ((delegate* unmanaged<nint, void>)_table[Call.ReleaseRunOptions])(options);

    /// <summary>Frees a value.</summary>
    public void ReleaseValue(nint value) =>
        ((delegate* unmanaged<nint, void>)_table[Call.ReleaseValue])(value);

    /// <summary>What a tensor holds, and how many numbers.</summary>
    public void* DataOf(nint value, out OnnxElement element, out long count)
    {
        nint information;
        int type;
        nuint length;
        void* data;
        Check(((delegate* unmanaged<nint, nint*, nint>)_table[Call.GetTensorShape])(
            value, &information));
        try
        {
            Check(((delegate* unmanaged<nint, int*, nint>)_table[Call.GetElementType])(
                information, &type));
            Check(((delegate* unmanaged<nint, nuint*, nint>)_table[Call.GetElementCount])(
                information, &length));
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)_table[Call.ReleaseTensorShape])(information);
        }

        Check(((delegate* unmanaged<nint, void**, nint>)_table[Call.GetTensorData])(
            value, &data));
        element = (OnnxElement)type;
        count = (long)length;
        return data;
    }

    private void Configure(nint options, ReadOnlySpan<byte> name)
    {
        fixed (byte* key = name, value = "1\0"u8)
        {
            Check(((delegate* unmanaged<nint, byte*, byte*, nint>)_table[Call.Configure])(
                options, key, value));
        }
    }

    // A status is null where all went well.
    private void Check(nint status)
    {
        if (status == 0)
        {
            return;
        }

        string message = Marshal.PtrToStringUTF8(
            ((delegate* unmanaged<nint, nint>)_table[Call.GetMessage])(status)) ?? "";
        ((delegate* unmanaged<nint, void>)_table[Call.ReleaseStatus])(status);
        throw NeuralErrors.OnnxRuntimeFailed(message);
    }

    /// <summary>Places of functions in the table.</summary>
    private static class Call
    {
        public const int GetMessage = 2;
        public const int CreateEnvironment = 3;
        public const int DisableTelemetry = 6;
        public const int CreateSession = 8;
        public const int Run = 9;
        public const int CreateOptions = 10;
        public const int SetOptimization = 23;
        public const int SetThreads = 24;
        public const int SetOuterThreads = 25;
        public const int CreateRunOptions = 39;
        public const int EndRuns = 46;
        public const int CreateTensor = 49;
        public const int GetTensorData = 51;
        public const int GetElementType = 60;
        public const int GetElementCount = 64;
        public const int GetTensorShape = 65;
        public const int CreateCpuMemory = 69;
        public const int ReleaseStatus = 93;
        public const int ReleaseSession = 95;
        public const int ReleaseValue = 96;
        public const int ReleaseRunOptions = 97;
        public const int ReleaseTensorShape = 99;
        public const int ReleaseOptions = 100;
        public const int Configure = 130;
        public const int RegisterAllocator = 144;
        public const int CreateArena = 156;
        public const int ReleaseArena = 157;
    }
}
