namespace NeuroDb.Gpu;

/// <summary>
/// The devices of an open database. Owns them: each is opened when first asked for and closed with
/// the pool.
/// </summary>
internal sealed partial class AcceleratorPool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CpuAccelerator _cpu;
    private readonly AcceleratorCosts _costs = new();
    private Accelerator? _cuda;
    private string? _cudaMissing;

    /// <summary>Makes a pool whose processor device runs on these threads.</summary>
    public AcceleratorPool(IWorkers workers)
    {
        _cpu = new CpuAccelerator(workers);
    }

    /// <summary>
    /// The device for a choice. Automatic choice falls back to the processor and says why; an
    /// explicit choice of CUDA that cannot be met is an
    /// <see cref="ErrorCode.AcceleratorMissing"/> error.
    /// </summary>
    public AcceleratorSelection Resolve(AcceleratorChoice choice)
    {
        if (choice == AcceleratorChoice.Cpu)
        {
            return new(_cpu, "chosen");
        }

        lock (_gate)
        {
            ProbeCuda();
            if (_cuda is not null)
            {
                return choice == AcceleratorChoice.Cuda
                    ? new(_cuda, "chosen")
                    : new(_cuda, "a device is present, used where it was faster")
                    {
                        Costs = _costs,
                    };
            }
        }

        if (choice == AcceleratorChoice.Auto)
        {
            return new(_cpu, $"no CUDA: {_cudaMissing}");
        }

        throw new NeuroStoreException(
            ErrorCode.AcceleratorMissing,
            $"The accelerator 'cuda' was chosen, but {_cudaMissing}. "
            + "Choose the accelerator 'cpu' or 'auto', or provide what is missing.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _cuda?.Dispose();
            _cuda = null;
            _cudaMissing = "the database is closed";
        }

        _cpu.Dispose();
    }

    static partial void OpenCuda(ref Accelerator? accelerator, ref string missing);

    private void ProbeCuda()
    {
        if (_cuda is null && _cudaMissing is null)
        {
            string missing = "this build holds no GPU kernels (build with -p:Ilgpu=true)";
            OpenCuda(ref _cuda, ref missing);
            _cudaMissing = _cuda is null ? missing : null;
        }
    }
}
