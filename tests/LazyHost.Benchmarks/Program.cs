BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(LazyHost.Benchmarks.RecordingBenchmarks).Assembly).Run(args);
